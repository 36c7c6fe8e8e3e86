"""Where the fictitious NGOs are and which language they write in."""

from functools import cache

from babel.core import get_global

COUNTS = """
80 CD
72 KE NG
63 UG
54 ZA
45 CF CI SD
36 ML
27 BI CM GH RW SL SN
18 BF BJ ET GN LR MW SS TD TG TZ ZM ZW
9 AO BW CG CV DJ GA GM GW KM LS MG MR MU MZ NA NE SO SZ
44 US
39 CO
29 MX
24 AR BR CA PE
19 GT VE
14 CL
10 BO CR EC HN HT NI SV TT UY
5 BB BZ CU DO GY JM PA PY SR
37 PH
27 IN
23 AF AU BD ID MM NP PK
18 JP KR
14 KH LK MY TH
9 FJ MN MV NZ TL
5 CN PG SB SG VN
4 VU WS
27 GB
23 FR NL
20 BE DE UA
17 CH ES GE IT
13 TR
10 AM AT BA IE PL SE
7 AL AZ CZ DK FI GR HR HU KG KZ LT MD MK
6 NO PT RO RS RU
31 PS
26 EG
21 IQ
20 JO LB MA SY TN YE
15 IL LY
10 BH DZ IR
5 KW
"""
"""How many NGOs in each country: the Coalition's published regional counts, scaled to 2,500."""

SPEAK = {
    "fr": "BE BF BI BJ CD CF CG CH CI CM DJ FR GA GN HT KM MA MG ML MR MU NE RW SN TD TG TN DZ",
    "es": "AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PY SV UY VE",
    "ar": "BH EG IQ JO KW LB LY PS SD SY YE",
    "pt": "AO BR CV GW MZ PT TL",
    "ru": "AM AZ GE KG KZ MD RU",
    "uk": "UA",
    "sw": "TZ",
    "tr": "TR",
    "id": "ID",
    "zh": "CN",
}
"""The language most NGOs of a country write in; English where none is named."""

ZONES = {
    "AF": "Asia/Kabul", "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BD": "Asia/Dhaka",
    "BE": "Europe/Brussels", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa",
    "CF": "Africa/Bangui", "CH": "Europe/Zurich", "CI": "Africa/Abidjan", "CL": "America/Santiago", "CM": "Africa/Douala",
    "CN": "Asia/Shanghai", "CO": "America/Bogota", "DE": "Europe/Berlin", "EG": "Africa/Cairo", "ES": "Europe/Madrid",
    "ET": "Africa/Addis_Ababa", "FJ": "Pacific/Fiji", "FR": "Europe/Paris", "GB": "Europe/London", "GE": "Asia/Tbilisi",
    "GH": "Africa/Accra", "GT": "America/Guatemala", "ID": "Asia/Jakarta", "IL": "Asia/Jerusalem", "IN": "Asia/Kolkata",
    "IQ": "Asia/Baghdad", "IR": "Asia/Tehran", "IT": "Europe/Rome", "JO": "Asia/Amman", "JP": "Asia/Tokyo",
    "KE": "Africa/Nairobi", "KR": "Asia/Seoul", "LB": "Asia/Beirut", "LK": "Asia/Colombo", "LY": "Africa/Tripoli",
    "MA": "Africa/Casablanca", "ML": "Africa/Bamako", "MM": "Asia/Yangon", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NG": "Africa/Lagos", "NL": "Europe/Amsterdam", "NP": "Asia/Kathmandu",
    "NZ": "Pacific/Auckland", "PE": "America/Lima", "PH": "Asia/Manila", "PK": "Asia/Karachi", "PS": "Asia/Hebron",
    "RU": "Europe/Moscow", "RW": "Africa/Kigali", "SD": "Africa/Khartoum", "SN": "Africa/Dakar", "SY": "Asia/Damascus",
    "TN": "Africa/Tunis", "TR": "Europe/Istanbul", "TZ": "Africa/Dar_es_Salaam", "UA": "Europe/Kyiv",
    "UG": "Africa/Kampala", "US": "America/New_York", "VE": "America/Caracas", "YE": "Asia/Aden", "ZA": "Africa/Johannesburg",
    "ZM": "Africa/Lusaka", "ZW": "Africa/Harare",
}  # fmt: skip
"""The zone most people of a country live in; elsewhere the first that CLDR knows."""


def counts() -> dict[str, int]:
    """Country code to number of NGOs; sums to 2,500 in 150 countries."""
    return {code: int(line.split()[0]) for line in COUNTS.strip().splitlines() for code in line.split()[1:]}


def language(code: str) -> str:
    """The language most NGOs of this country write in."""
    return next((language for language, codes in SPEAK.items() if code in codes.split()), "en")


@cache
def zone(code: str) -> str:
    """A zone people of this country live in."""
    territories = get_global("zone_territories")
    return ZONES.get(code) or min((zone for zone, there in territories.items() if there == code), default="UTC")
