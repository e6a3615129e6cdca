"""Recorded steps: which may be heard, which are still to be spoken, and taking a new one in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from outreach.content.sounds import ENDING, LIST, may_play, read_hashes, written_hashes
from outreach.core.languages import Language, Wording
from outreach.core.own import digest
from outreach.core.recordings import BYTES_MAX, TooLong, check_recording
from outreach.core.refusal import N_, NotThere, Refusal
from outreach.core.topics import Step, StepClass, Topic
from outreach.services.files import CannotWrite, write_whole
from outreach.services.guidance import SaidTopic
from outreach.services.program import Program
from outreach.shipped import SOUNDS


class NoRecording(NotThere):
    sentence = N_("There is no recording of these words. The words themselves are on the page of the topic.")


class NoSlot(NotThere):
    sentence = N_(
        "There is no emergency step {step}. Nothing was changed. "
        "`outreach sounds --language {tag}` lists the steps to record."
    )


class NoWords(Refusal):
    sentence = N_("{step} is not translated into {language} yet, so there is nothing to read out. Nothing was changed.")


class NotHeard(Refusal):
    """A file in a sounds folder that is not offered, and why."""

    sentence = N_("{file} is not played: {why}")


class State(Enum):
    """Whether a step has a recording that still says its words."""

    RECORDED = "yes"
    OUTDATED = "again"
    MISSING = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one recording; `step` is "topic.step"."""

    language: Language
    step: str
    text: str
    state: State


def slots(program: Program, tag: str = "") -> list[Slot]:
    """Every emergency step in one language, or in all; steps not translated yet have no words and no slot."""
    found = []
    for language in (program.languages.get(tag),) if tag else program.languages.rows:
        for topic, step in _emergency(program):
            said = _said(program, language, topic, step)
            if said.language == language:
                name = f"{topic.id}.{step.id}"
                found.append(Slot(language, name, said.text, _state(program, name, said)))
    return found


def heard(program: Program, topic: SaidTopic) -> set[str]:
    """The steps of a topic that have a recording of just the words shown. A broken list takes no page away."""
    steps = [step for section in topic.sections for step in section.steps if step.level is StepClass.S1]
    # A language's lists are read once a page and not once a step: most have no recording at all.
    places = {tag: _places(program, tag) for tag in {step.text.language.tag for step in steps}}
    return {step.id for step in steps if _file(places[step.text.language.tag], f"{topic.id}.{step.id}", step.text)}


def recording(program: Program, language: Language, topic_id: str, step_id: str) -> Path:
    """The file to play. Refuses unless it says exactly what the step says now in this language."""
    for topic, step in _emergency(program):
        if (topic.id, step.id) == (topic_id, step_id):
            said = _said(program, language, topic, step)
            file = _file(_places(program, language.tag), f"{topic.id}.{step.id}", said)
            if file and said.language == language:
                return file
    raise NoRecording()


def add(program: Program, tag: str, name: str, source: Path) -> float:
    """Take a recording in for "topic.step"; its seconds. The old one stays until the new one is whole."""
    language = program.languages.get(tag)
    found = next(((t, s) for t, s in _emergency(program) if f"{t.id}.{s.id}" == name), None)
    if found is None:
        raise NoSlot(step=name, tag=language.tag)
    said = _said(program, language, *found)
    if said.language != language:
        raise NoWords(step=name, language=language.english)
    data = _read(source)
    seconds = check_recording(data, source.name)
    folder = program.home.sounds / language.tag
    hashes = dict(read_hashes(folder))
    program.home.make()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotWrite(file=folder, why=f"the computer said: {problem.strerror}.") from problem
    # The old hash goes first: cut off between the two writes, the new sound must not stand for old words.
    if hashes.pop(name, ""):
        write_whole(folder / LIST, written_hashes(hashes).encode())
    write_whole(folder / f"{name}{ENDING}", data)
    write_whole(folder / LIST, written_hashes(hashes | {name: hash_of(said)}).encode())
    return seconds


def unheard(program: Program) -> Iterator[Refusal]:
    """Each file that lies in a sounds folder and is not offered, and each list that cannot be read."""
    words: dict[tuple[str, str], Wording] = {
        (language.tag, f"{topic.id}.{step.id}"): said
        for language in program.languages.rows
        for topic, step in _emergency(program)
        if (said := _said(program, language, topic, step)).language == language
    }
    for folder in _language_folders(program):
        try:
            hashes = read_hashes(folder)
        except Refusal as refusal:
            yield refusal
            continue
        for file in sorted(folder.glob(f"*{ENDING}")):
            why = _why_not(file, words.get((folder.name, file.stem)), hashes.get(file.stem, ""))
            if why:
                yield NotHeard(file=f"sounds/{folder.name}/{file.name}", why=why)


def _why_not(file: Path, said: Wording | None, of: str) -> str:
    again = f"`outreach sounds add {file.parent.name} {file.stem} FILE`"
    if said is None:
        return "there is no emergency step of that name in that language. Remove the file."
    if not of:
        return f"no one has said which words it speaks. Listen to it, then take it in with {again}."
    if of != hash_of(said):
        return f"its words have changed since. Record them again, then {again}."
    try:
        check_recording(_read(file), file.name)
    except Refusal as refusal:
        return str(refusal)
    return ""


def hash_of(said: Wording) -> str:
    """What ties a recording to its words: a change of the English voids it, and so does one of the translation."""
    return digest(f"{said.english}\n{said.text}")


def _emergency(program: Program) -> Iterator[tuple[Topic, Step]]:
    for topic in program.topics.values():
        for step in topic.steps():
            if step.level is StepClass.S1:
                yield topic, step


def _said(program: Program, language: Language, topic: Topic, step: Step) -> Wording:
    return program.wording(language, f"{topic.id}.{step.id}", step.text)


def _folders(program: Program, tag: str) -> tuple[Path, Path]:
    """Where a language's recordings may lie; the program's own come first."""
    return program.home.sounds / tag, SOUNDS / tag


def _language_folders(program: Program) -> list[Path]:
    return [each for root in (program.home.sounds, SOUNDS) for each in sorted(root.glob("*")) if each.is_dir()]


def _hashes(folder: Path) -> Mapping[str, str]:
    try:
        return read_hashes(folder)
    except Refusal:
        return {}


def _places(program: Program, tag: str) -> list[tuple[Path, Mapping[str, str]]]:
    """A language's folders, each with the hashes of the words that its recordings speak."""
    return [(folder, _hashes(folder)) for folder in _folders(program, tag)]


def _file(places: list[tuple[Path, Mapping[str, str]]], name: str, said: Wording) -> Path | None:
    for folder, hashes in places:
        if name in hashes and hashes[name] == hash_of(said):
            file = folder / f"{name}{ENDING}"
            if file.is_file() and may_play(file):
                return file
    return None


def _state(program: Program, name: str, said: Wording) -> State:
    if _file(_places(program, said.language.tag), name, said):
        return State.RECORDED
    there = any((folder / f"{name}{ENDING}").is_file() for folder in _folders(program, said.language.tag))
    return State.OUTDATED if there else State.MISSING


def _read(file: Path) -> bytes:
    """The file's bytes; one that is too large is refused unread."""
    try:
        if file.stat().st_size > BYTES_MAX:
            raise TooLong(file=file.name)
        return file.read_bytes()
    except OSError as problem:
        raise Refusal(
            N_("{file} cannot be read: {why}. Nothing was changed."), file=file, why=problem.strerror
        ) from problem
