"""Looking over the words of every language: what the rules refuse, what is missing, what nobody has checked yet."""

from __future__ import annotations

from outreach.core.languages import Language, ReviewState
from outreach.core.refusal import Refusal
from outreach.i18n.catalogs import GUIDANCE, INTERFACE, po_file
from outreach.i18n.lint.checking import check_file
from outreach.i18n.lint.shape import SHAPE
from outreach.i18n.lint.text import Complaint
from outreach.i18n.po_files import BadCatalog
from outreach.i18n.review import damage, read_signed
from outreach.services import translations
from outreach.services.cards import prints_whole
from outreach.services.coverage import GUIDE, STAFF, coverage, summed
from outreach.services.program import Program
from outreach.shipped import LOCALES

Lines = list[str]
_SHAPE = {rule.name for rule in SHAPE}


def complaints(program: Program) -> list[Complaint]:
    """What the rules say about every catalog of every known language, the shipped ones and this home's own."""
    found = []
    for language in program.known_languages:
        for locales in (LOCALES, program.home.locales):
            for domain in (GUIDANCE, INTERFACE):
                file = po_file(language.catalog, domain, locales)
                if not language.is_source and file.exists():
                    found += check_file(file, language)
    return found


def look_over(program: Program) -> tuple[Lines, Lines, Lines]:
    """Sentences for `outreach check`: wrong, still to do, fine."""
    found = complaints(program)
    wrong, to_do, fine = [str(each) for each in found], [], []
    said = 0
    for language in program.known_languages:
        wrong += _records(program, language)
        if language.prepared:
            if not prints_whole(program, language):
                fine.append(f"{language.english}: prepared. Cards are offered once speakers have written its words.")
            continue
        if language.tag not in program.languages:
            to_do.append(f"{language.english}: emergency words are missing, so it is not offered yet.")
            continue
        said += _counted(program, language, to_do)
    if not any(each.rule in _SHAPE for each in found):
        fine.append(f"Every number, phone and placeholder is as in English, in {said:,} translated texts.")
    wrong += _signed(program)
    wrong += _outdated(program)
    return wrong, to_do, fine


def _outdated(program: Program) -> Lines:
    if not translations.in_checkout():
        return []
    try:
        files = [str(file.relative_to(LOCALES)) for file in translations.outdated(program)]
    except BadCatalog:
        return []  # named already; until it is mended nothing can be compared
    if not files:
        return []
    return [f"locales: the words changed since {', '.join(files)}. Run `python -m outreach translate --refresh`."]


def _counted(program: Program, language: Language, to_do: Lines) -> int:
    parts = coverage(program, language)
    total = summed(parts)
    missing = {level: count.all - count.said for level, count in total.items() if not count.is_whole}
    if missing:
        which = ", ".join(f"{number} of class {level.value}" for level, number in missing.items())
        to_do.append(f"{language.english}: {sum(missing.values())} texts are shown in English ({which}).")
    pages = {row.part: row.total for row in parts if row.part in (GUIDE, STAFF)}
    left = {part: count.all - count.said for part, count in pages.items() if not count.is_whole}
    if left:
        where = ", ".join(f"{number} on {part}" for part, number in left.items())
        to_do.append(f"{language.english}: {sum(left.values())} sentences of the pages are shown in English ({where}).")
    said = [program.wording(language, context, english) for context, english, _ in program.strings()]
    here = [each for each in said if language.is_source or each.is_translation]
    drafts = sum(each.state is ReviewState.DRAFT for each in here)
    half = sum(each.state is ReviewState.CHECKED for each in here)
    if drafts:
        who = "a clinician" if language.is_source else "a speaker and a clinician"
        to_do.append(f"{language.english}: {drafts} of {len(here)} texts are drafts; ask {who} to check them.")
    if half:
        to_do.append(f"{language.english}: {half} texts were checked by a speaker; their English needs a clinician.")
    return 0 if language.is_source else len(here)


def _records(program: Program, language: Language) -> Lines:
    found = [damage(language.catalog, locales) for locales in (LOCALES, program.home.locales)]
    return [str(refusal) for refusal in found if refusal]


def _signed(program: Program) -> Lines:
    try:
        read_signed(program.home.review)
    except Refusal as refusal:
        return [str(refusal)]
    return []


def table(program: Program) -> list[dict[str, object]]:
    """Language by topic by class, counted: `translated` of `strings`, and `checked` by a speaker or more."""
    return [
        {
            "language": row.language,
            "topic": row.part,
            "class": level.value,
            "strings": count.all,
            "translated": count.said,
            "checked": count.checked,
        }
        for language in program.known_languages
        for row in coverage(program, language)
        for level, count in sorted(row.by_class.items(), key=lambda each: each[0].value)
    ]


def wide(program: Program, whole: bool) -> list[dict[str, str]]:
    """The same for 80 columns, a column for each class: with `whole` every part, else one line a language."""
    rows = []
    for language in program.known_languages:
        parts = coverage(program, language)
        pages = {row.part: str(row.total) for row in parts if row.part in (GUIDE, STAFF)}
        if whole:
            rows += [
                {"language": row.language, "topic": row.part, **{k.value: str(c) for k, c in row.by_class.items()}}
                for row in parts
            ]
        else:
            classes = {level.value: str(count) for level, count in summed(parts).items()}
            rows.append({"language": language.tag, **classes, **pages})
    return rows
