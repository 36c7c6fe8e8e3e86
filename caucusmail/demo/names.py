"""Invented names: organisations by template, people from lists; none is a real member of the Coalition.

Organisations are [kind] + [theme] + [invented proper noun]; proper nouns come from syllables, so that no list of real
names is needed. Pure: everything follows from the random source that is handed in.
"""

from random import Random

KINDS = {
    "en": ["Centre for {}", "{} Initiative", "Network for {}", "{} Watch", "Forum for {}", "Alliance for {}", "{} Trust", "Institute for {}"],
    "fr": ["Collectif {}", "Ligue {}", "Centre {}", "Réseau {}", "Association {}", "Observatoire {}", "Comité {}"],
    "es": ["Red {}", "Centro {}", "Asociación {}", "Comisión {}", "Colectivo {}", "Fundación {}"],
    "pt": ["Rede {}", "Centro {}", "Associação {}", "Instituto {}"],
    "ar": ["مركز {}", "جمعية {}", "شبكة {}", "منتدى {}", "رابطة {}"],
    "ru": ["Центр {}", "Сеть {}", "Фонд {}"],
    "uk": ["Центр {}", "Спілка {}", "Мережа {}"],
    "sw": ["Kituo cha {}", "Mtandao wa {}", "Jukwaa la {}"],
    "tr": ["{} Derneği", "{} Merkezi", "{} Platformu"],
    "id": ["Lembaga {}", "Jaringan {}", "Forum {}"],
    "zh": ["{}中心", "{}协会", "{}网络"],
}  # fmt: skip

THEMES = {
    "en": ["Justice", "Human Dignity", "Victims’ Rights", "the Rule of Law", "Accountability", "Truth and Memory", "Women’s Rights", "Children’s Rights", "Peace", "Refugee Protection"],
    "fr": ["pour la justice", "pour les victimes", "des droits humains", "contre l’impunité", "de vérité et mémoire", "des femmes juristes", "pour la paix", "de protection de l’enfance"],
    "es": ["contra la Impunidad", "por la Justicia", "de Derechos Humanos", "por la Memoria", "de Mujeres Juristas", "por las Víctimas", "por la Paz"],
    "pt": ["de Direitos Humanos", "pela Justiça", "contra a Impunidade", "pela Paz"],
    "ar": ["العدالة", "حقوق الإنسان", "حماية الضحايا", "سيادة القانون", "السلام", "حقوق المرأة"],
    "ru": ["прав человека", "справедливости", "памяти"],
    "uk": ["прав людини", "справедливості", "пам’яті"],
    "sw": ["Haki", "Haki za Binadamu", "Amani"],
    "tr": ["Adalet", "İnsan Hakları", "Barış"],
    "id": ["Keadilan", "Hak Asasi", "Perdamaian"],
    "zh": ["正义", "人权", "和平"],
}  # fmt: skip

SYLLABLES = [
    "ka",
    "mo",
    "li",
    "za",
    "ru",
    "ne",
    "ta",
    "vo",
    "sa",
    "mi",
    "do",
    "ba",
    "lu",
    "ki",
    "ra",
    "wa",
    "te",
    "no",
    "pe",
    "ga",
    "shi",
    "yo",
    "fa",
    "mbe",
    "nde",
    "lo",
]
SYLLABLES_AR = ["نور", "أمل", "رجا", "سنا", "وفا", "هدى", "ضيا", "سلام", "زهر", "بدر"]
SYLLABLES_CYRILLIC = ["ва", "ли", "ме", "но", "ра", "то", "ле", "зо", "ка", "ми"]
SYLLABLES_ZH = ["明", "和", "光", "安", "仁", "文", "清", "远"]

GIVEN = {
    "en": ["Amara", "Daniel", "Esther", "Grace", "Hannah", "Joseph", "Kwame", "Lydia", "Miriam", "Nadia", "Oliver", "Priya", "Ruth", "Samuel", "Tendai", "Wanjiru", "Zainab", "Thandiwe", "Liam", "Achieng"],
    "fr": ["Aïcha", "Benoît", "Chantal", "Désiré", "Élise", "Fatou", "Gérard", "Hélène", "Innocent", "Jeanne", "Koffi", "Léa", "Mariama", "Noël", "Ousmane", "Pascaline", "René", "Solène", "Thérèse", "Yves"],
    "es": ["Alma", "Benito", "Carmen", "Diego", "Elena", "Fernando", "Gloria", "Hugo", "Inés", "Joaquín", "Lucía", "María José", "Nicolás", "Pilar", "Rosa", "Tomás", "Ximena", "Íñigo"],
    "pt": ["Ana", "Bento", "Catarina", "Duarte", "Inês", "João", "Luísa", "Rui", "Teresa"],
    "ar": ["أمينة", "بشير", "جميلة", "حسن", "خديجة", "رانيا", "سامي", "ليلى", "مريم", "نادر", "هالة", "يوسف"],
    "ru": ["Анна", "Борис", "Вера", "Дмитрий", "Елена", "Игорь", "Ольга"],
    "uk": ["Ганна", "Богдан", "Віра", "Дмитро", "Олена", "Ігор", "Ольга"],
    "sw": ["Asha", "Juma", "Neema", "Baraka", "Rehema", "Salum"],
    "tr": ["Ayşe", "Emre", "Çiğdem", "İbrahim", "Şule", "Özgür"],
    "id": ["Sukarja", "Dewi", "Wahyuni", "Putri", "Suparno", "Ratna"],
    "zh": ["文静", "建国", "海燕", "小明", "美玲"],
}  # fmt: skip

FAMILY = {
    "en": ["Achterberg", "Banda", "Chikwanha", "Dlaminari", "Eastwell", "Fernhill", "Gathoni", "Hollowood", "Iwuala", "Jembere", "Kamauri", "Lindqvist", "Mutasa", "Njorogeh", "O’Farrelly", "Prasanthi", "Quaye-Mensah", "Rushworth", "Sibandara", "Tembolo", "Umarova", "Vellathil", "Wekesani", "Yeboahene"],
    "fr": ["Abogo", "Bakayokou", "Couturel", "Diallonga", "d’Estrac", "Fofanah", "Gbaguidou", "Hounsoua", "Ilungani", "Kabongola", "Le Guellec", "Mbayeur", "N’Goranou", "Ouédragon", "Perrotin", "Sanogoun", "Traoréli", "Vasseurin", "Zongola"],
    "es": ["Aguirrezu Pardo", "Benavidez Luna", "Cárdenas Ruel", "Duarte Solano", "Echeverrín", "Fuentesal", "Gutiernez", "Huamanca Rojas", "Ibarruel", "Lozanillo", "Montalván Cruz", "Núñezal", "Ordóñezu", "Quispemar", "Riverón", "Salcedal", "Tzocom", "Villarroelo"],
    "pt": ["Almeirim", "Baptistela", "Carvalhosa", "Ferreiral", "Nascimentel", "Sousinha"],
    "ar": ["الأمين", "بن يوسفي", "الحسيناوي", "خليلي", "الزهراوي", "سليماني", "عبد الرحماني", "القدسيان"],
    "ru": ["Ведерникина", "Громовский", "Зимогор", "Лебединская", "Соколовцев"],
    "uk": ["Вербицькова", "Гаманюк", "Журавленко", "Лисовець", "Шевчукова"],
    "sw": ["Mwakalinge", "Massaweni", "Kimarogo", "Mollelani"],
    "tr": ["Aksoylar", "Çelikten", "Demirbağ", "Yıldızhan"],
    "id": ["", "", "Hartonojati", "Simatupangan"],
    "zh": ["王", "李", "陈", "赵", "欧阳"],
}  # fmt: skip

LATIN = str.maketrans("àáâãäåçèéêëìíîïñòóôõöùúûüýşğıİŞÇÖÜ’'", "aaaaaaceeeeiiiinooooouuuuysgiisçou--")


def proper_noun(random: Random, language: str) -> str:
    """An invented name such as *Mokali*."""
    match language:
        case "ar":
            return " ".join(random.sample(SYLLABLES_AR, 2))
        case "ru" | "uk":
            return "".join(random.sample(SYLLABLES_CYRILLIC, 3)).capitalize()
        case "zh":
            return "".join(random.sample(SYLLABLES_ZH, 2))
    return "".join(random.sample(SYLLABLES, random.choice((2, 3, 3)))).capitalize()


def organisation(random: Random, language: str) -> tuple[str, str]:
    """An organisation's name in ``language``, and its invented proper noun."""
    noun = proper_noun(random, language)
    name = random.choice(KINDS[language]).format(random.choice(THEMES[language]))
    name = name[0].upper() + name[1:]
    return (f"{noun}{name}" if language == "zh" else f"{name} {noun}"), noun


def acronym(name: str) -> str:
    """The capitals of a Latin name: *Centre for Justice Mokali* → CJM; empty for other scripts."""
    letters = [
        word[0] for word in name.replace("’", " ").split() if word[0].isascii() and (word[0].isupper() or len(word) > 4)
    ]
    return "".join(letters).upper()[:6] if len(letters) > 1 else ""


def person(random: Random, language: str) -> str:
    """A person's whole name as they would write it: two surnames, mononyms, apostrophes, hyphens, any script."""
    given, family = random.choice(GIVEN[language]), random.choice(FAMILY[language])
    if language == "zh":
        return family + given
    return f"{given} {family}".strip()


def slug(name: str, number: int) -> str:
    """The name as part of an address: ASCII letters, digits and hyphens."""
    plain = name.lower().translate(LATIN)
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain)
    return "-".join(part for part in kept.split("-") if part)[:24].strip("-") or f"org{number}"
