import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from caucusmail import signing_keys
from caucusmail.signing_keys import BadKey


def kept(folder: Path, key, name: str = "key.pem", password: bytes | None = None, mode: int = 0o600) -> Path:
    path = folder / name
    secrecy = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secrecy))
    path.chmod(mode)
    return path


RSA, ED25519 = signing_keys.new_rsa(), signing_keys.new_ed25519()


def told(folder: Path, **more: str) -> dict[str, str]:
    return {
        "DKIM_SELECTOR_RSA": "rsa-a",
        "DKIM_KEY_RSA": str(kept(folder, RSA, "rsa.pem")),
        "DKIM_SELECTOR_ED25519": "ed-a",
        "DKIM_KEY_ED25519": str(kept(folder, ED25519, "ed.pem")),
    } | more


def fault(config: dict[str, str]) -> tuple[str, str]:
    with pytest.raises(BadKey) as bad:
        signing_keys.told(config)
    return bad.value.setting, str(bad.value)


def test_without_a_word_about_keys_there_are_none() -> None:
    assert signing_keys.told({}) == ()


def test_the_rsa_key_comes_first(tmp_path: Path) -> None:
    found = signing_keys.told(told(tmp_path, DKIM_SELECTOR_RSA="RSA-A"))
    assert [one.selector for one in found] == ["rsa-a", "ed-a"]
    assert isinstance(found[0].key, rsa.RSAPrivateKey)


def test_rsa_alone_will_do_and_ed25519_alone_will_not(tmp_path: Path) -> None:
    alone = told(tmp_path, DKIM_SELECTOR_ED25519="", DKIM_KEY_ED25519="")
    assert [one.selector for one in signing_keys.told(alone)] == ["rsa-a"]
    assert fault(told(tmp_path, DKIM_SELECTOR_RSA="", DKIM_KEY_RSA=""))[0] == "DKIM_KEY_RSA"


@pytest.mark.parametrize("kind", ["RSA", "ED25519"])
def test_a_key_without_a_selector_and_a_selector_without_a_key_are_named(tmp_path: Path, kind: str) -> None:
    for gone in (f"DKIM_KEY_{kind}", f"DKIM_SELECTOR_{kind}"):
        assert fault(told(tmp_path, **{gone: " "}))[0] == gone


@pytest.mark.parametrize("kind", ["RSA", "ED25519"])
@pytest.mark.parametrize("name", ["a b", "-a", "a-", "a_b", ".a", "a.", "a..b", "é", "x" * 64, "a;b"])
def test_a_selector_that_is_no_name_in_dns_is_named(tmp_path: Path, kind: str, name: str) -> None:
    assert fault(told(tmp_path, **{f"DKIM_SELECTOR_{kind}": name}))[0] == f"DKIM_SELECTOR_{kind}"


def test_two_keys_cannot_share_a_selector(tmp_path: Path) -> None:
    assert fault(told(tmp_path, DKIM_SELECTOR_ED25519="Rsa-A"))[0] == "DKIM_SELECTOR_ED25519"


def test_a_key_of_the_other_kind_is_named(tmp_path: Path) -> None:
    for kind, other in (("RSA", ED25519), ("ED25519", RSA)):
        name, words = fault(told(tmp_path, **{f"DKIM_KEY_{kind}": str(kept(tmp_path, other))}))
        assert (name, "the other kind of key" in words) == (f"DKIM_KEY_{kind}", True)


def test_every_file_that_holds_no_fit_key_says_why(tmp_path: Path) -> None:
    text = tmp_path / "text.pem"
    text.write_text("-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n")
    text.chmod(0o600)
    small = rsa.generate_private_key(65537, 1024)
    for path, words in (
        (tmp_path / "none.pem", "cannot be read: No such file"),
        (tmp_path, "is open to everybody|cannot be read"),
        (text, "holds no private key in PEM form"),
        (kept(tmp_path, RSA, "everybody.pem", mode=0o604), "is open to everybody"),
        (kept(tmp_path, RSA, "locked.pem", password=b"hush"), "asks for a passphrase"),
        (kept(tmp_path, small, "small.pem"), "is RSA of 1024 bits; it must have 2048 to 4096"),
        (kept(tmp_path, ec.generate_private_key(ec.SECP256R1()), "curve.pem"), "neither an RSA nor an Ed25519 key"),
    ):
        with pytest.raises(BadKey, match=words) as bad:
            signing_keys.read(path)
        assert "hush" not in str(bad.value)
        name, told_words = fault(told(tmp_path, DKIM_KEY_RSA=str(path)))
        assert (name, told_words) == ("DKIM_KEY_RSA", str(bad.value))


def test_a_key_that_a_group_may_read_will_do(tmp_path: Path) -> None:
    assert signing_keys.read(kept(tmp_path, RSA, mode=0o640))


def test_a_path_must_be_whole(tmp_path: Path) -> None:
    assert fault(told(tmp_path, DKIM_KEY_RSA="rsa.pem")) == (
        "DKIM_KEY_RSA",
        "'rsa.pem' is not the whole path of a file, from / on",
    )


@pytest.mark.parametrize("key", [RSA, ED25519])
def test_a_key_is_kept_for_its_owner_alone_and_never_written_over(tmp_path: Path, key) -> None:
    path = tmp_path / "key.pem"
    signing_keys.write(path, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_keys.public(signing_keys.read(path)) == signing_keys.public(key)
    with pytest.raises(FileExistsError):
        signing_keys.write(path, key)


def test_a_new_rsa_key_has_the_size_that_readers_of_signatures_take() -> None:
    assert RSA.key_size == 2048
