"""The doctor, on this machine as it is and with one thing wrong at a time."""

import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from graph import jars, machine
from graph.embedded import EmbeddedNeo4j
from graph.settings import Settings
from signpost.doctor import Check, examine
from tests.conftest import free_port


@pytest.fixture
def settings(home: Path) -> Settings:
    """A home that nobody has used."""
    ports = {"SIGNPOST_PORT": str(free_port()), "SIGNPOST_DB_PORT": str(free_port())}
    return Settings.read({"SIGNPOST_HOME": str(home), **ports})


def look(settings: Settings) -> dict[str, Check]:
    """The checks by name."""
    return {check.name: check for check in examine(settings)}


def wrong(settings: Settings) -> dict[str, str]:
    """What is not as it should be."""
    return {check.name: check.sentence for check in examine(settings) if not check.ok}


def private(file: Path, mode: int) -> Path:
    """A file of that mode."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("secret")
    file.chmod(mode)
    return file


def test_a_fresh_home_is_well(settings: Settings) -> None:
    checks = look(settings)
    assert set(checks) == {
        *("python", "java", "disk", "memory", "web port", "database port", "second copy"),
        *(
            "jars",
            "registry",
            "keyring file",
            "anchor key file",
            "password file",
            "database",
            "demo",
            "messages",
        ),
    }
    assert wrong(settings) == {}
    assert all(check.sentence.endswith(".") for check in checks.values())
    assert not settings.home.exists()


def test_a_running_server_is_well(server: EmbeddedNeo4j, settings: Settings) -> None:
    running = replace(settings, home=server.home, db_port=server.port)
    assert wrong(running) == {}
    checks = look(running)
    assert checks["database"].sentence == f"It answers on port {server.port}."
    assert "SIGNPOST_HOME" in checks["second copy"].sentence
    assert wrong(replace(settings, db_port=server.port)) == {
        "database port": look(replace(settings, db_port=server.port))["database port"].sentence
    }


def test_ports_in_use(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.port)):
        assert "SIGNPOST_PORT" in wrong(settings)["web port"]
    with socket.create_server(("127.0.0.1", settings.db_port)):
        assert "SIGNPOST_DB_PORT" in wrong(settings)["database port"]


def test_too_little(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "DISK_FIRST", 1 << 60)
    monkeypatch.setattr(machine, "MEMORY_BESIDE_HEAP", 1 << 60)
    assert set(wrong(settings)) == {"disk", "memory"}
    assert "SIGNPOST_DB_MEMORY" in wrong(replace(settings, db_memory="lots"))["memory"]


def test_no_java(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "java", lambda: tmp_path / "java")
    assert "make clean run" in wrong(settings)["java"]


def test_jars_damaged_and_missing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = jars.cache()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lock = jars.read_lock()[:3]
    monkeypatch.setattr(jars, "read_lock", lambda: lock)
    jars.cache().mkdir(parents=True)
    for jar in lock[:2]:
        shutil.copy(whole / jar.name, jars.cache())
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        monkeypatch.setattr(jars, "_registry", lambda: address)
        assert set(wrong(settings)) == {"registry"}
        assert look(settings)["jars"].sentence.startswith("1 of 3 come at the next start")
        (jars.cache() / lock[0].name).write_bytes(bytes(lock[0].size))
        assert f"delete {jars.cache()}" in wrong(settings)["jars"]


@pytest.mark.parametrize("name", ["keyring file", "password file"])
def test_files_open_to_others(settings: Settings, name: str) -> None:
    places = {
        "keyring file": settings.keyring_file,
        "password file": settings.home / "keys" / "neo4j",
    }
    file = private(places[name], 0o640)
    assert wrong(settings) == {
        name: f"{file} is open to other users: run `chmod 600 {file}`.",
    }
    file.chmod(0o600)
    assert wrong(settings) == {}


def test_a_keyring_beside_the_data_is_said_to_be(settings: Settings, tmp_path: Path) -> None:
    assert "Who takes the disk takes keys and data" in look(settings)["keyring file"].sentence
    apart = replace(settings, keyring_file=tmp_path / "apart.json")
    assert look(apart)["keyring file"].sentence == "Not made yet."


def test_demo_is_for_this_machine_only(settings: Settings) -> None:
    demo = replace(settings, demo=True)
    assert wrong(demo) == {}
    assert wrong(replace(demo, host="localhost")) == {}
    assert wrong(replace(settings, host="0.0.0.0")) == {}
    for host in ("0.0.0.0", "192.0.2.1", "signpost.example"):
        assert "SIGNPOST_DEMO" in wrong(replace(demo, host=host))["demo"]


def test_your_own_neo4j(server: EmbeddedNeo4j, settings: Settings) -> None:
    own = replace(settings, neo4j_uri=server.connection().uri)
    assert "SIGNPOST_NEO4J_PASSWORD_FILE" in wrong(own)["password file"]
    own = replace(own, neo4j_password_file=server.password_file)
    assert wrong(own) == {}
    assert "java" not in look(own)
    away = replace(own, neo4j_uri=f"bolt://127.0.0.1:{free_port()}")
    assert "SIGNPOST_NEO4J_URI" in wrong(away)["database"]
