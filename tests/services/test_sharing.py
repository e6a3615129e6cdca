"""What a coordinator shares: taken whole or not at all, wherever the power is cut, and nothing of one's own is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.carry import editions
from outreach.core.roll import SHARED
from outreach.core.shared import BadShared, Shared, from_canonical, may_travel
from outreach.home import Home
from outreach.services import laptops, rolls, settings, sharing, taking_over
from outreach.services.program import Program
from outreach.services.rolls import UnknownSigner
from outreach.services.shared_files import CannotShare

NOTE = '[program]\nhours = "{}"\n'
TOPIC = 'id = "lot-hours"\nclass = "S3"\nchecked = 2026-11-01\norder = 900\ntitle = "The lot"\nsummary = "{}"\n'
TOPIC += '[[section]]\nid = "a"\nkind = "notes"\ntitle = "When"\n'
TOPIC += '[[section.step]]\nid = "b"\ntext = "We are there at night."\nfacts = ["own:team"]\n'


@pytest.fixture
def office(tmp_path: Path) -> Program:
    program = Program(Home(tmp_path / "office"))
    laptops.found(program, "Office")
    return program


@pytest.fixture
def van(tmp_path: Path, office: Program) -> Program:
    """A laptop that is in: its list came by hand."""
    program = Program(Home(tmp_path / "van"))
    laptops.join(program, laptops.invite(office, "Van 2"))
    hello = laptops.hello(program)
    assert hello
    office.ledger().exchange.put_hello(hello)
    laptops.accept(office, "Van 2")
    for edition in office.ledger().exchange.editions():
        laptops.take_edition(program, edition)
    return program


def write(program: Program, path: str, text: str) -> None:
    file = program.home.path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def carry(office: Program, van: Program) -> rolls.Taken:
    sharing.publish(office)
    edition = office.ledger().exchange.edition(SHARED)
    assert edition
    return laptops.take_edition(van, edition)


def files(program: Program) -> dict[str, bytes]:
    """Everything public of a home, by path."""
    home = program.home.path
    own = ("outreach.db", "keys", "backups", "ballast", "open")
    found = (each for each in home.rglob("*") if each.is_file() and each.relative_to(home).parts[0] not in own)
    return {each.relative_to(home).as_posix(): each.read_bytes() for each in found}


def test_settings_sites_and_files_come(office: Program, van: Program) -> None:
    """All of it is as the coordinator has it; a second edition comes only of what differs, and removes what is gone."""
    settings.change(office, {"program-name": "Night van", "program-phone": "555-0100"})
    settings.add_site(office, "lot", "The lot", "street")
    write(office, "phones.toml", NOTE.format("Nights"))
    write(office, "topics/lot-hours.toml", TOPIC.format("One."))

    assert carry(office, van).changed
    assert settings.all_settings(van) == settings.all_settings(office)
    assert "lot" in {site.code for site in settings.sites(van)}
    assert "lot-hours" in van.topics
    edition = van.ledger().exchange.edition(SHARED)
    assert not carry(office, van).changed
    assert van.ledger().exchange.edition(SHARED) == edition
    (office.home.path / "phones.toml").unlink()
    assert carry(office, van).changed
    assert not van.home.phones.exists()
    assert not van.home.replaced.exists(), "nothing of the van's own was there"


def test_what_the_van_changed_is_kept_and_said(office: Program, van: Program) -> None:
    """Its own words, and its own settings, go to a folder of that edition, by name; a second time beside it."""
    settings.change(van, {"program-name": "Own name"})
    write(office, "phones.toml", NOTE.format("Nights"))
    settings.change(office, {"program-name": "Night van"})
    carry(office, van)
    (first,) = van.home.replaced.glob("*")
    assert "Own name" in (first / "settings.toml").read_text(encoding="utf-8")
    write(van, "phones.toml", NOTE.format("Own hours"))
    write(office, "phones.toml", NOTE.format("Days"))

    said = carry(office, van).said
    (aside,) = (each for each in said if isinstance(each, sharing.PutAside))
    assert "phones.toml" in str(aside)
    (kept,) = van.home.replaced.rglob("phones.toml")
    assert "Own hours" in kept.read_text(encoding="utf-8")
    assert "Days" in van.home.phones.read_text(encoding="utf-8")


def test_a_sites_new_name_comes_and_ones_own_is_kept(office: Program, van: Program) -> None:
    """The coordinator's name counts everywhere; what the van called it stands in the folder, by name. No name is none
    to take."""
    settings.add_site(office, "lot", "The lot", "street")
    carry(office, van)
    settings.rename_site(office, "lot", "Old mill lot")
    settings.rename_site(van, "outreach", "Van 2 lot")
    assert [type(each) for each in carry(office, van).said] == [sharing.BroughtUp]
    assert {site.code: site.name for site in settings.sites(van)} == {"lot": "Old mill lot", "outreach": "Van 2 lot"}

    settings.rename_site(office, "outreach", "Main lot")
    said = carry(office, van).said
    assert settings.site_name(van, "outreach") == "Main lot"
    assert any(isinstance(each, sharing.PutAside) and "Van 2 lot" in str(each) for each in said)
    (kept,) = van.home.replaced.rglob("settings.toml")
    assert kept.read_text(encoding="utf-8") == '[sites]\noutreach = "Van 2 lot"\n'
    settings.rename_site(office, "lot", "")
    carry(office, van)
    assert settings.site_name(van, "lot") == "lot", "taken back where the van had not called it anything itself"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("topics/lot-hours.toml", 'id = "lot-hours"'),
        ("phones.toml", "[program"),
        ("supplies.toml", "[[item]]\ncode = 1\n"),
        ("events.toml", "x = " + "[" * 3000),
        ("review.toml", "[[signed]]\nrole = 1\n"),
        ("locales/es/LC_MESSAGES/guidance.po", 'msgid "\n'),
        ("printables/bad-card/card.toml", 'id = "other"\n'),
        ("law-checks.toml", "[ZZ]\n"),
    ],
)
def test_one_bad_file_refuses_all(office: Program, van: Program, path: str, text: str) -> None:
    """A file that no page could read is named and nothing changes; a coordinator's laptop does not send it out."""
    write(office, "stock.toml", "[levels]\ncooker = 5\n")
    carry(office, van)
    before, edition = files(van), van.ledger().exchange.edition(SHARED)
    assert edition
    good = from_canonical(edition.body)
    bad = Shared(good.program, {"program-name": "Other"}, good.sites, {**good.files, path: text.encode()})
    sent = editions.sign(SHARED, edition.number + 1, bad.canonical(), rolls.voice(office))

    with pytest.raises(CannotShare) as caught:
        laptops.take_edition(van, sent)
    assert Path(path).name in str(caught.value) or "es/" in str(caught.value), str(caught.value)
    assert files(van) == before
    assert settings.all_settings(van)["program-name"] == ""
    assert van.ledger().exchange.edition(SHARED) == edition
    write(office, path, text)
    (said,) = sharing.publish(office)
    assert isinstance(said, sharing.NotShared)


def test_only_known_files_travel() -> None:
    """No way out of the home, no name that means a device, no key, no ledger; the control is what does travel."""
    for path in (
        "phones.toml",
        "returns.toml",
        "topics/lot-hours.toml",
        "packs/county.toml",
        "printables/layouts.toml",
        "printables/my-card/card.html",
        "locales/zh_Hans/LC_MESSAGES/guidance.po",
        "locales/es/review.toml",
    ):
        assert may_travel(path), path
        assert Shared("a" * 32, files={path: b""})
    for path in (
        "../phones.toml",
        "/etc/passwd",
        "C:\\x.toml",
        "topics/../keys/device.key",
        "topics/sub/x.toml",
        "topics/con.toml",
        "topics/COM1.toml",
        "printables/nul/card.toml",
        "keys/device.key",
        "outreach.db",
        "token",
        "safety.toml",
        "sounds/es/a.wav",
        "printers.toml",
        "edition",
        "taking/plan.json",
        "topics/x.toml\n",
        "topics/x.py",
        "printables/card/run.exe",
        "TOPICS/x.toml",
        "",
    ):
        assert not may_travel(path), path
        with pytest.raises(BadShared):
            Shared("a" * 32, files={path: b""})
    with pytest.raises(BadShared):
        Shared("a" * 32, files={"locales/es/review.toml": b"", "locales/ES/review.toml": b""})


def test_what_is_shared_reads_back_and_nothing_else_does() -> None:
    """Every cut, and a head that lies about sizes, is refused; the same state is the same bytes."""
    shared = Shared(
        "a" * 32, {"program-name": "N"}, (("lot", "L", "street"),), {"phones.toml": b"x\n", "tally.toml": b""}
    )
    body = shared.canonical()
    assert from_canonical(body) == shared
    for cut in (*range(len(body)),):
        with pytest.raises(BadShared):
            from_canonical(body[:cut])
    for bent in (body + b"x", body.replace(b'toml",2', b'toml",-2'), body.replace(b'toml",2', b'toml",1'), b"[" * 9999):
        with pytest.raises(BadShared):
            from_canonical(bent)


def test_a_plan_that_was_cut_off_is_finished(office: Program, van: Program, tmp_path: Path) -> None:
    """Before the plan has its name nothing changes; from then on the next start puts all of it in place, once."""
    write(van, "phones.toml", NOTE.format("Old"))
    before = files(van)
    new = {"phones.toml": NOTE.format("New").encode(), "stock.toml": b"[levels]\n"}
    taking_over.stage(van.home, new)
    again = Program(van.home)
    assert {path: text for path, text in files(again).items() if not path.startswith("taking/")} == before

    moves = [["new/phones.toml", "phones.toml"], ["new/stock.toml", "stock.toml"]]
    van.home.taking_plan.write_text(json.dumps({"moves": moves, "gone": ["alerts.toml"], "edition": 7}))
    (van.home.taking / "new" / "phones.toml").replace(van.home.phones)  # the cut came after the first of them
    Program(van.home)
    Program(van.home)
    assert {path: text for path, text in files(van).items() if path in new} == new
    assert van.home.edition.read_text() == "7\n"
    assert not van.home.taking.exists()


def test_large_cards_stay_behind_and_are_left_alone(office: Program, van: Program) -> None:
    """What is too large is said and not sent; the van's own file of that name stays as it is."""
    write(office, "phones.toml", NOTE.format("Nights"))
    card = office.home.cards / "big" / "picture.png"
    card.parent.mkdir(parents=True)
    card.write_bytes(b"\x89" * (9 << 20))
    write(van, "printables/big/picture.png", "small")

    said = sharing.publish(office)
    assert "printables/big/picture.png" in str(said[0])
    carry(office, van)
    assert van.home.phones.exists(), "the rest came"
    assert (van.home.cards / "big" / "picture.png").read_text() == "small"


def test_a_laptop_that_is_no_coordinators_shares_nothing(office: Program, van: Program) -> None:
    """An edition signed with its key is refused, and so is a coordinator's from before it was turned away."""
    carry(office, van)
    held = van.ledger().exchange.edition(SHARED)
    assert held
    forged = editions.sign(SHARED, held.number + 1, held.body, rolls.voice(van))
    assert not laptops.take_edition(office, forged).changed
    assert not laptops.take_edition(van, forged).changed
    van.ledger().exchange.drop_edition(SHARED)
    with pytest.raises(UnknownSigner):
        laptops.take_edition(van, forged)
    assert laptops.take_edition(van, held).changed, "the control"
    assert laptops.before_export(van) == ()


def test_a_running_server_shows_it_without_a_restart(
    tmp_path: Path, shell: Callable[[Path], Any], serve: Callable[..., Any], client: Any
) -> None:
    """A topic comes, changes and goes on the van's pages while they are open, by merges in a terminal."""
    office, van = shell(tmp_path / "office"), shell(tmp_path / "van")

    def said(run: Any, *words: str | Path) -> str:
        ran = run(*words)
        assert ran.code == 0, ran.err
        return str(ran.out)

    said(office, "laptops", "invite", "Van 2", "-o", tmp_path)
    said(van, "laptops", "join", tmp_path / "van-2.join")
    said(van, "export", tmp_path / "van.tally")
    said(office, "merge", tmp_path / "van.tally")
    said(office, "laptops", "accept", "Van 2", "--yes")
    topic, own = (run.home / "topics" / "lot-hours.toml" for run in (office, van))
    topic.parent.mkdir()
    topic.write_text(TOPIC.format("Quartz meadow one."), encoding="utf-8")
    reader = client(serve(van.home))
    assert reader.get("/en/lot-hours").status == 404

    def carry_it() -> str:
        said(office, "export", tmp_path / "office.tally")
        return said(van, "merge", tmp_path / "office.tally")

    carry_it()
    assert "We are there at night." in reader.get("/en/lot-hours").text
    own.write_text(TOPIC.format("Changed on the van."), encoding="utf-8")
    topic.write_text(TOPIC.format("Quartz meadow two."), encoding="utf-8")
    assert "replaced" in carry_it()
    assert "Quartz meadow two." in reader.get("/en/").text
    (kept,) = (van.home / "replaced").rglob("lot-hours.toml")
    assert "Changed on the van." in kept.read_text(encoding="utf-8")
    topic.unlink()
    carry_it()
    assert reader.get("/en/lot-hours").status == 404
