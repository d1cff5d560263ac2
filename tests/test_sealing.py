"""Sealing: an identity opens on its own node only, a handle for its own viewer and day only."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from graph import BadKeyring, Identity, Keyring, Sex
from graph.comparing import person_of
from graph.layers import Layer

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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a keyring of one key."""
    Keyring.new().write(tmp_path / "keyring.json")
    return tmp_path / "keyring.json"


def test_a_key_that_is_added_seals_and_old_seals_open(path: Path) -> None:
    keys = Keyring.read(path)
    sealed, stamp = keys.seal(WHO, "c"), keys.stamp("access", "x")
    keys.add()
    assert keys.open(sealed, "c") == WHO
    assert keys.seal(WHO, "c").startswith("k2.")
    assert keys.stamp("access", "x") == stamp
    assert Keyring.read(path) == keys
    assert os.stat(path).st_mode & 0o777 == 0o600


def test_whoever_meets_a_key_that_was_added_reads_the_file_anew(path: Path) -> None:
    keys, others = Keyring.read(path), [Keyring.read(path) for _ in range(3)]
    keys.add()
    assert others[0].open(keys.seal(WHO, "c"), "c") == WHO
    assert others[1].in_handle(keys.handle("c", "nurse", TODAY), "nurse", TODAY) == ["c"]
    assert others[2].turned(keys.stamp("nhs", "1"), "k2") == keys.turned(
        keys.stamp("nhs", "1"), "k2"
    )
    assert [other.current for other in others] == ["k2"] * 3
    path.unlink()
    with pytest.raises(BadKeyring, match="has no key k7"):
        keys.open(keys.seal(WHO, "c").replace("k2.", "k7."), "c")


def test_another_keyring_in_the_file_is_not_taken(path: Path) -> None:
    keys, other = Keyring.read(path), Keyring.new()
    other.add()
    other.write(path)
    with pytest.raises(BadKeyring, match="has no key k2"):
        keys.turned(keys.stamp("nhs", "1"), "k2")
    with pytest.raises(BadKeyring, match="was changed meanwhile"):
        keys.add()


def test_a_token_goes_from_layer_to_layer_and_back(path: Path) -> None:
    keys = Keyring.read(path)
    keys.add()
    keys.add()
    token = Layer(keys, "k1").token("nhs", "9990000018")
    assert token == keys.stamp("nhs", "9990000018")
    second = keys.turned(token, "k2")
    third = keys.turned(second, "k3")
    assert [one.partition(".")[0] for one in (second, third)] == ["k2", "k3"]
    assert third == Layer(keys, "k3").token("nhs", "9990000018") == keys.turned(token, "k3")
    assert keys.turned(third, "k3") == third
    assert keys.bare(third) == keys.turned(third, "k1") == token
    assert len({token, second[3:], third[3:]}) == 3
    other = Keyring({**keys.keys, "k2": Keyring.new().keys["k1"]})
    assert other.turned(token, "k2") != second
    for text in ("", "no such child", "leeds:T1", "k2.12"):
        assert keys.turned(text, "k2") == text


def test_tokens_are_apart_by_purpose_and_by_keyring() -> None:
    keys = Keyring.new()
    assert keys.stamp("nhs", "1") != keys.stamp("upn", "1")
    assert keys.stamp("name", "ab", "c") != keys.stamp("name", "a", "bc")
    assert keys.stamp("nhs", "1") != Keyring.new().stamp("nhs", "1")


def test_the_key_before_opens_handles_where_it_still_may() -> None:
    keys = Keyring.new()
    handle = keys.handle("c", "nurse", TODAY)
    keys.add()
    newer = keys.handle("c", "nurse", TODAY)
    assert keys.in_handle(handle, "nurse", TODAY) == ["c"]
    assert keys.in_handle(handle, "nurse", TODAY, since="k1") == ["c"]
    assert keys.in_handle(handle, "nurse", TODAY, since="k2") is None
    assert keys.in_handle(newer, "nurse", TODAY, since="k2") == ["c"]


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
