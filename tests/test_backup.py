"""A backup is one file; restoring it gives the same house, or touches nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from conftest import call, environment
from served import close, copy_home, open_house
from test_command_line import ROW


@pytest.fixture(scope="module")
def home(prepared_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small house: a restore makes the index anew, which takes long for a large one."""
    home = tmp_path_factory.mktemp("backup") / "home"
    call("setup", home=home)
    rows = home.parent / "rows.jsonl"
    rows.write_text("".join(json.dumps({**ROW, "key": f"offer-{number}"}) + "\n"
                            for number in range(5)))
    call("import", str(rows), home=home)
    (home / "media" / "market").mkdir(parents=True)
    (home / "media" / "market" / "ทุเรียน.jpg").write_bytes(b"\xff\xd8 a picture")
    (home / "media" / "evidence").mkdir()
    (home / "media" / "evidence" / "2027-03-01.warc.gz").write_bytes(b"\x1f\x8b a snapshot")
    return home


@pytest.fixture(scope="module")
def file(home: Path) -> Path:
    file = home.parent / "backup.zip"
    call("backup", str(file), home=home)
    return file


def refused(*words: str, home: Path) -> str:
    done = call(*words, home=home, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stdout + done.stderr
    return done.stderr


def changed(file: Path, target: Path, **parts: bytes | None) -> Path:
    """A copy of the backup with some parts replaced, or left out."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = parts.get(name.replace(".", "_"), source.read(name))
            if content is not None:
                copy.writestr(name, content)
    return target


def test_a_restored_house_is_the_same_house(home: Path, file: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    call("restore", str(file), home=new)

    head = call("ledger", "head", home=home).stdout
    assert call("ledger", "head", home=new).stdout == head
    assert call("ledger", "verify", "--expect", head.strip(), home=new).returncode == 0
    assert call("index", "verify", home=new).returncode == 0
    assert call("export", home=new).stdout == call("export", home=home).stdout
    for kept in ("market/ทุเรียน.jpg", "evidence/2027-03-01.warc.gz"):
        assert (new / "media" / kept).read_bytes() == (home / "media" / kept).read_bytes()
    assert (new / "secret_key").read_text() != (home / "secret_key").read_text()


def test_the_secret_key_is_kept_only_when_asked_for(home: Path, file: Path,
                                                    tmp_path: Path) -> None:
    assert "secret_key" not in zipfile.ZipFile(file).namelist()
    whole = tmp_path / "whole.zip"
    call("backup", str(whole), "--with-secret-key", home=home)
    with zipfile.ZipFile(whole) as archive:
        assert archive.read("secret_key").decode() == (home / "secret_key").read_text()
    assert whole.stat().st_mode & 0o077 == 0


def test_a_backup_never_overwrites_a_file(home: Path, file: Path) -> None:
    before = file.read_bytes()
    assert "exists" in refused("backup", str(file), home=home)
    assert file.read_bytes() == before


def test_a_damaged_or_foreign_file_is_refused_and_nothing_is_touched(
        file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        database = bytearray(archive.read("database.sqlite3"))
    database[len(database) // 2] ^= 1
    flipped = changed(file, tmp_path / "flipped.zip", database_sqlite3=bytes(database))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[:-4000])
    missing = changed(file, tmp_path / "missing.zip", database_sqlite3=None)
    bare = changed(file, tmp_path / "bare.zip", manifest_json=None)
    newer = changed(file, tmp_path / "newer.zip", manifest_json=json.dumps({
        **manifest, "migrations": [*manifest["migrations"], ["market", "9999_future"]]}).encode())
    climbing = tmp_path / "climbing.zip"
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("media/../../evil", "x")
        archive.writestr("manifest.json", json.dumps({**manifest, "sha256": {
            "media/../../evil": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        }}))
    text = tmp_path / "text.zip"
    text.write_text("not a backup")

    home = tmp_path / "home"
    for bad, reason in [(flipped, "damaged"), (cut, "not a whole backup"), (missing, "manifest"),
                        (bare, "no manifest"), (newer, "newer"), (climbing, "belong"),
                        (text, "not a whole backup"), (tmp_path / "none.zip", "no file")]:
        assert reason in refused("restore", str(bad), home=home), bad.name
        assert not (home / "saphan.sqlite3").exists()
    assert not (tmp_path / "evil").exists()


def test_a_backup_whose_ledger_was_changed_is_refused(
        home: Path, file: Path, tmp_path: Path) -> None:
    import hashlib

    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        (tmp_path / "db").write_bytes(archive.read("database.sqlite3"))
    with sqlite3.connect(tmp_path / "db") as connection:
        connection.execute("DROP TRIGGER fact_no_update")
        connection.execute("UPDATE ground_fact SET name = 'nothing.happened' WHERE seq = 3")
    content = (tmp_path / "db").read_bytes()
    manifest["sha256"]["database.sqlite3"] = hashlib.sha256(content).hexdigest()
    forged = changed(file, tmp_path / "forged.zip", database_sqlite3=content,
                     manifest_json=json.dumps(manifest).encode())

    here = copy_home(home, tmp_path / "here")
    before = (here / "saphan.sqlite3").read_bytes()
    assert "fact 3" in refused("restore", str(forged), "--force", home=here)
    assert (here / "saphan.sqlite3").read_bytes() == before
    assert not list(here.glob("restoring-*")) and not list(here.glob("before-restore-*"))


def test_a_house_is_replaced_only_when_told_so_and_the_old_one_is_kept(
        home: Path, file: Path, tmp_path: Path) -> None:
    here = copy_home(home, tmp_path / "here")
    call("person", "add", "late@example.org", "--no-password", home=here)
    after = call("ledger", "head", home=here).stdout

    assert "--force" in refused("restore", str(file), home=here)
    assert call("ledger", "head", home=here).stdout == after

    (here / "news.sqlite3").write_bytes(b"an index of the old house")
    call("restore", str(file), "--force", home=here)
    assert call("ledger", "head", home=here).stdout == call("ledger", "head", home=home).stdout
    [aside] = here.glob("before-restore-*")
    assert (aside / "news.sqlite3").exists() and not (here / "news.sqlite3").exists()
    shutil.move(here / "saphan.sqlite3", tmp_path / "restored.sqlite3")
    for path in aside.glob("saphan.sqlite3*"):
        shutil.copy(path, here / path.name)
    assert call("ledger", "head", home=here).stdout == after


def test_while_the_house_is_open_it_is_backed_up_but_not_restored(
        home: Path, file: Path, tmp_path: Path) -> None:
    here = copy_home(home, tmp_path / "here")
    opened = open_house(here, environment(here))
    try:
        call("backup", str(tmp_path / "open.zip"), home=here)
        call("restore", str(tmp_path / "open.zip"), "--verify-only", home=here)
        assert "stop it first" in refused("restore", str(file), "--force", home=here)
        assert opened.get("/healthz").status == 200
    finally:
        close(opened)
