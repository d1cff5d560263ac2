"""Sealing: an identity opens on its own node only, a handle for its own viewer and day only."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from graph import BadKeyring, Identity, Keyring, Sex
from graph.comparing import person_of

TODAY = date(2026, 11, 23)
WHO = Identity(family_name="Okafor", given_name="Chidi", birth_date=date(2015, 6, 9))


def test_an_identity_opens_where_it_was_sealed_and_nowhere_else() -> None:
    keys = Keyring.new()
    sealed = keys.seal(WHO, "child-a")
    assert keys.open(sealed, "child-a") == WHO
    assert sealed != keys.seal(WHO, "child-a")
    assert "Okafor" not in sealed
    with pytest.raises(BadKeyring, match="moved"):
        keys.open(sealed, "child-b")
    with pytest.raises(BadKeyring, match="has no key k7"):
        keys.open(sealed.replace("k1.", "k7."), "child-a")
    with pytest.raises(BadKeyring):
        Keyring.new().open(sealed, "child-a")


def test_whatever_is_said_of_a_child_opens_as_it_was_sealed() -> None:
    keys = Keyring.new()
    unborn = Identity(family_name="Okafor", expected_date=date.today(), former_names=("Else",))
    former = Identity(birth_date=date(2015, 6, 9), former_upns=("H801200001001",), sex=Sex.FEMALE)
    for identity in (Identity(), unborn, former):
        opened = keys.open(keys.seal(identity, "c"), "c")
        assert opened == identity
        assert person_of(opened) == person_of(identity)


def test_a_longer_name_is_rarely_a_longer_seal() -> None:
    keys = Keyring.new()
    short = Identity(family_name="Ng", given_name="Li")
    assert len(keys.seal(short, "c")) == len(
        keys.seal(WHO.model_copy(update={"birth_date": None}), "c")
    )


def test_a_rotated_keyring_opens_old_seals_and_keeps_tokens(tmp_path: Path) -> None:
    keys = Keyring.new()
    sealed, token = keys.seal(WHO, "c"), keys.token("nhs", "9990000018")
    newer = keys.rotated()
    assert newer.open(sealed, "c") == WHO
    assert newer.seal(WHO, "c").startswith("k2.")
    assert newer.token("nhs", "9990000018") == token
    newer.write(tmp_path / "keyring.json")
    assert Keyring.read(tmp_path / "keyring.json") == newer
    assert os.stat(tmp_path / "keyring.json").st_mode & 0o777 == 0o600


def test_tokens_are_apart_by_purpose_and_by_keyring() -> None:
    keys = Keyring.new()
    assert keys.token("nhs", "1") != keys.token("upn", "1")
    assert keys.token("name", "ab", "c") != keys.token("name", "a", "bc")
    assert keys.token("nhs", "1") != Keyring.new().token("nhs", "1")


def test_a_handle_is_one_viewers_and_one_days() -> None:
    keys = Keyring.new()
    handle = keys.handle("child-a", "nurse", TODAY)
    assert keys.in_handle(handle, "nurse", TODAY) == ["child-a"]
    assert keys.in_handle(handle, "other", TODAY) is None
    assert keys.in_handle(handle, "nurse", TODAY + timedelta(days=1)) is None
    assert "child-a" not in handle
    assert all(keys.handle("c", "v", TODAY).startswith("h") for _ in range(200))


@pytest.mark.parametrize("handle", ["", "x", "%%%", "é", "A" * 60, "a" * 5000, "../../etc"])
def test_what_is_no_handle_opens_nothing(handle: str) -> None:
    assert Keyring.new().in_handle(handle, "nurse", TODAY) is None


def test_a_keyring_file_that_is_missing_open_or_broken_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    with pytest.raises(BadKeyring, match="signpost keys new"):
        Keyring.read(path)
    path.write_text("{}")
    path.chmod(0o644)
    with pytest.raises(BadKeyring, match="chmod 600"):
        Keyring.read(path)
    path.chmod(0o600)
    for text in ("{}", "[]", "nonsense", '{"k1": 5}'):
        path.write_text(text)
        with pytest.raises(BadKeyring, match="is not a keyring"):
            Keyring.read(path)


def test_a_keyring_never_prints_a_key() -> None:
    keys = Keyring.new()
    assert repr(keys) == "Keyring(k1)"
