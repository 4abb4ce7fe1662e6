# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a row of a record's table can say, and what "already as wanted" means for each kind of field.

Everything here is pure: values in, values out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from .communications import same_items, shown_items

(
    TEXT,
    TEXTS,
    FLAG,
    INTEGER,
    NUMBER,
    DAY,
    TIME,
    ENUM,
    REFERENCE,
    MAIL_LIST,
    CUSTOM_FIELDS,
    QUESTIONS,
    COMMUNICATIONS,
) = (
    "text",
    "texts",
    "flag",
    "integer",
    "number",
    "day",
    "time",
    "enum",
    "reference",
    "mail list",
    "custom fields",
    "questions",
    "communications",
)
# Lists of entries of which the task names some: a custom field by its caption, a question by its text, a telephone
# number or e-mail address by its type.
ENTRIES = (CUSTOM_FIELDS, QUESTIONS, COMMUNICATIONS)
_PARTS = {
    CUSTOM_FIELDS: ("captions", "values"),
    QUESTIONS: ("questions", "answers"),
    COMMUNICATIONS: ("types", "values"),
}
HIDDEN = "**********"  # what is shown of a password

MOST_DIGITS = 15  # of a number; more are lost on the way
LONGEST_QUOTE = 120  # characters of a value that an error repeats
# What every Python reads alike: later ones take 20260331 and 2026-W14-2 as well.
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d([Tt ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?([Zz]|[+-]\d\d:?[0-5]\d(:[0-5]\d)?)?)?", re.ASCII
)


class WantedError(ValueError):
    """The wanted state can't be: a sentence for the person at the playbook, beginning with the option at fault."""

    def __init__(self, option: str, message: str, code: str = "InvalidOption") -> None:
        super().__init__(f"{option}: {message}")
        self.option = option
        self.code = code


@dataclass(frozen=True)
class Reference:
    """Where the records are that a field refers to, and by what they may be called.

    ``endpoint`` may hold ``{board}`` or ``{company}``: the id of the record in whose scope names are looked up.
    ``info_endpoint`` is its twin that needs fewer rights (fact sheet 2.5).
    ``api_takes`` is the member by which the API itself finds a record (fact sheet 6.13); empty where it does not, or
    where it would take the first of several of one name.
    ``names`` are the fields in which a name is looked for. ``searched`` lists are long and asked with conditions.
    """

    noun: str
    endpoint: str
    names: tuple[str, ...] = ("name",)
    scope: str = ""
    api_takes: str = ""
    info_endpoint: str = ""
    searched: bool = False


@dataclass(frozen=True)
class Field:
    """One row: a field of a record.

    ``name`` is the API's, ``option`` the module's (empty: reached through ``fields`` only, or through ``via``, an
    option that stands for several fields), ``aka`` other fields of the record by whose value the reference may be
    called as well. ``required`` fields can't be emptied. ``create_only`` fields are sent when the record is made and
    never compared; ``unread`` ones go along with any write and are never compared.
    """

    name: str
    kind: str
    option: str = ""
    reference: Reference | None = None
    via: str = ""
    longest: int = 0
    choices: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()
    required: bool = False
    create_only: bool = False
    unread: bool = False

    @property
    def label(self) -> str:
        """What the person at the playbook calls it."""
        return self.option or self.name

    @property
    def place(self) -> str:
        """Where in the task its value is given, for errors."""
        return self.option or self.via or f"fields, {self.name}"


Table = Sequence[Field]


def by_name(table: Table, name: str) -> Field:
    """The row of an API field."""
    return next(field for field in table if field.name == name)


def normalised(field: Field, value: Any) -> Any:
    """A wanted value in the form in which it is sent, the same rewriting as the server's applied.

    An empty text stands for "empty the field".

    Raises:
        WantedError: the value can't be one of this field.
    """
    emptied = value == "" and field.kind not in (TEXT, TEXTS, FLAG, *ENTRIES)
    result = "" if emptied else _NORMALISERS[field.kind](field, value)
    if result == "" and field.required:
        raise WantedError(field.place, "it can't be empty.")
    return result


def quoted(value: Any) -> str:
    """A value (of any kind) as an error repeats it: as Python writes it, cut off where it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}...{text[-1]}"


def _text(field: Field, value: Any) -> str:
    if value is None or isinstance(value, (list, dict)):
        raise WantedError(field.place, f"{quoted(value)} is not a text.")
    text = str(value)
    if re.search(r"[\x00\ud800-\udfff]", text):
        raise WantedError(field.place, "it holds a character that can't be stored: NUL, or half of a surrogate pair.")
    if field.longest:
        # All short fields are of one line; a server that is given more keeps blanks (fact sheet 8.6).
        text = re.sub(r"\s*[\r\n]+\s*", " ", text).strip()
    if field.longest and len(text) > field.longest:
        raise WantedError(
            field.place, f"the text has {len(text)} characters, ConnectWise takes at most {field.longest}."
        )
    return text


def _texts(field: Field, value: Any) -> list[str]:
    """In one order, for it means nothing; an empty text is an empty list."""
    given = value if isinstance(value, list) else [value]
    return sorted({_text(field, text).strip() for text in given} - {""})


def _flag(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("true", "yes", "on", "1"):
        return True
    if text in ("false", "no", "off", "0", ""):  # an empty flag is one that is not set
        return False
    raise WantedError(field.place, f"{quoted(value)} is neither true nor false.")


def _integer(field: Field, value: Any) -> int:
    number = _decimal(field, value)
    if number != int(number):
        raise WantedError(field.place, f"{quoted(value)} is not a whole number.")
    return int(number)


def _number(field: Field, value: Any) -> int | float:
    number = _decimal(field, value)
    return int(number) if number == int(number) else float(number)


def _decimal(field: Field, value: Any) -> Decimal:
    try:
        number = Decimal(str(value).strip())
        if isinstance(value, bool) or not number.is_finite() or number.adjusted() > MOST_DIGITS:
            raise InvalidOperation
    except InvalidOperation:
        raise WantedError(field.place, f"{quoted(value)} is not a number.") from None
    return number


def _moment(field: Field, value: Any) -> datetime:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value).strip()
    # Python 3.9 reads neither a Z, nor +0200, nor fractions of another length than 3 or 6 digits.
    plain = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", re.sub(r"\.\d+", "", re.sub(r"[zZ]$", "+00:00", text)))
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        moment = datetime.fromisoformat(plain)
        return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        raise WantedError(
            field.place, f"{quoted(text)} is not a date. Give one such as 2026-03-31 or 2026-03-31T17:00:00Z."
        ) from None


def duration(option: str, text: str) -> timedelta:
    """A time span: ``30m``, ``12h``, ``7d``, ``2w``; a number alone is days.

    Raises:
        WantedError: it is none.
    """
    units = {"m": "minutes", "h": "hours", "": "days", "d": "days", "w": "weeks"}
    parts = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)\s*([mhdw]?)", str(text).strip().lower(), re.ASCII)
    if not parts:
        raise WantedError(option, f"{quoted(text)} is no time span. Give one such as 12h or 7d.")
    return timedelta(**{units[parts[2]]: float(parts[1])})


def _time(field: Field, value: Any) -> str:
    return _moment(field, value).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def _day(field: Field, value: Any) -> str:
    """The server keeps the day and drops the time (fact sheet 7.7)."""
    return _moment(field, value).date().isoformat() + "T00:00:00Z"


def _enum(field: Field, value: Any) -> str:
    for choice in field.choices:
        if choice.casefold() == str(value).strip().casefold():
            return choice
    raise WantedError(field.place, f"{quoted(value)} is none of {', '.join(field.choices)}.")


def _mail_list(field: Field, value: Any) -> str:
    """Addresses, each ended by a semicolon, as the server gives them back (fact sheet 7.8)."""
    texts = value if isinstance(value, list) else [value]
    addresses = [item.strip() for text in texts for item in re.split(r"[;,]", _text(field, text)) if item.strip()]
    return _text(field, "".join(f"{address};" for address in addresses))


def _reference(field: Field, value: Any) -> dict[str, Any]:
    """``{"id": 5}`` or ``{"name": "In Progress"}``: a number, also one in a text, is an id."""
    if isinstance(value, dict):
        for key in ("id", "identifier", "name"):
            if value.get(key) not in (None, ""):
                return _reference(field, value["id"]) if key == "id" else {"name": str(value[key]).strip()}
    text = str(value).strip()
    if isinstance(value, (dict, list, bool, float)) or not text:
        raise WantedError(field.place, f"{quoted(value)} is neither an id nor a name.")
    return {"id": int(text)} if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else {"name": text}


def _entries(field: Field, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WantedError(field.place, f"give a dictionary of {' and '.join(_PARTS[field.kind])}.")
    given = {str(caption).strip(): wanted for caption, wanted in value.items() if wanted is not None}
    folded = [caption.casefold() for caption in given]
    for caption in given:
        if folded.count(caption.casefold()) > 1:
            parts = _PARTS[field.kind][0]
            raise WantedError(field.place, f"{quoted(caption)} is given twice; {parts} are the same in any case.")
    return given


def _communications(field: Field, value: Any) -> dict[str, dict[str, Any]]:
    """By type, each as ``{"value": text}``, with ``extension`` where it is given (OpenAPI, ContactCommunication)."""
    result = {}
    for name, given in _entries(field, value).items():
        entry = given if isinstance(given, dict) else {"value": given}
        if set(entry) - {"value", "extension"} or "value" not in entry:
            raise WantedError(f"{field.place}, {name}", "give a text, or a dictionary of value and extension.")
        longest = {"value": 250, "extension": 15}
        result[name] = {
            member: normalised(Field(member, TEXT, f"{field.place}, {name}", longest=longest[member]), text)
            for member, text in entry.items()
            if text is not None or member == "value"
        }
    return result


_NORMALISERS = {
    TEXT: _text,
    TEXTS: _texts,
    FLAG: _flag,
    INTEGER: _integer,
    NUMBER: _number,
    DAY: _day,
    TIME: _time,
    ENUM: _enum,
    REFERENCE: _reference,
    MAIL_LIST: _mail_list,
    CUSTOM_FIELDS: _entries,
    QUESTIONS: _entries,
    COMMUNICATIONS: _communications,
}


def same(field: Field, current: dict[str, Any], wanted: Any) -> bool:
    """Whether the record ``current`` (as the API gives it) holds the normalised value ``wanted``."""
    found = current.get(field.name)
    if field.kind == REFERENCE:
        return _same_reference(field, current, wanted)
    if field.kind == COMMUNICATIONS:
        return same_items(found or [], wanted)
    if field.kind in ENTRIES:
        return all(
            same_custom_field(find_custom_field(field, found, caption), value) for caption, value in wanted.items()
        )
    if found is None or found == "":
        return wanted in ("", []) or (field.kind == FLAG and wanted is False)
    if wanted == "":
        return False
    if field.kind == TEXT:
        return _same_lines(str(found), wanted)
    if field.kind == MAIL_LIST:
        return sorted(_mail_list(field, found).casefold().split(";")) == sorted(wanted.casefold().split(";"))
    try:
        return bool(normalised(field, found) == wanted)
    except WantedError:
        return False


def settled(text: str) -> str:
    """A text without what servers rewrite: the kind of line ends, blanks at the ends of lines and of the whole."""
    # Looking behind keeps the time linear in a long run of carriage returns.
    return "\n".join(line.rstrip() for line in re.split(r"(?<!\r)\r+\n|[\r\n]", text)).strip()


def same_text(found: str | None, wanted: str) -> bool:
    """Whether a stored text is the wanted one.

    Line ends and blanks at the end of lines do not count; where the server keeps no line breaks but shows a blank for
    each (fact sheet 8.6), neither do these.
    """
    stored, asked = settled(found or ""), settled(wanted)
    return stored == asked or ("\n" not in stored and stored.split() == asked.split())


def _same_lines(found: str, wanted: str) -> bool:
    """As :func:`same_text` for a text of several lines; in one line, blanks count."""
    return same_text(found, wanted) if "\n" in settled(wanted) else settled(found) == settled(wanted)


def _same_reference(field: Field, current: dict[str, Any], wanted: Any) -> bool:
    found = current.get(field.name) or {}
    if wanted == "":
        return not found
    if "id" in wanted:
        return str(found.get("id")) == str(wanted["id"])
    names = [found.get("name"), found.get("identifier")] + [current.get(name) for name in field.aka]
    return wanted["name"].casefold() in [str(name).strip().casefold() for name in names if name]


def find_custom_field(field: Field, entries: Any, caption: str) -> dict[str, Any]:
    """The entry of a record's custom fields or questions with this caption; blanks around it and case do not count.

    Raises:
        WantedError: there is none.
    """
    entries = entries or []
    for entry in entries:
        if caption_of(entry).casefold() == caption.casefold():
            found: dict[str, Any] = entry
            return found
    captions = ", ".join(repr(caption_of(entry)) for entry in entries) or "none"
    noun = "custom field" if field.kind == CUSTOM_FIELDS else "question"
    raise WantedError(field.place, f"there is no {noun} {quoted(caption)} here. There are: {captions}.", "NotFound")


def caption_of(entry: dict[str, Any]) -> str:
    """The caption of a custom field, the text of a question."""
    return str(entry["question"] if "question" in entry else entry.get("caption")).strip()


def value_member(entry: dict[str, Any]) -> str:
    """The member that holds the value: ``value`` of a custom field, ``answer`` of a question (fact sheet 9.4)."""
    return "answer" if "question" in entry else "value"


def value_kind(entry: dict[str, Any]) -> str:
    """The kind of an entry's values, by the type in its definition (fact sheet, CustomFieldValue)."""
    kinds = {"Checkbox": FLAG, "Number": NUMBER, "Currency": NUMBER, "Percent": NUMBER, "Date": DAY}
    return kinds.get(_type_of(entry), TEXT)


def is_password(entry: dict[str, Any]) -> bool:
    """Whether the value of an entry is a secret."""
    return _type_of(entry) == "Password"


def _type_of(entry: dict[str, Any]) -> str:
    return str(entry.get("fieldType" if "question" in entry else "type"))


def custom_value(entry: dict[str, Any], value: Any) -> Any:
    """A wanted value of an entry in the type that its definition asks for."""
    option = f"{'questions' if 'question' in entry else 'custom_fields'}, {caption_of(entry)}"
    return normalised(Field("customFields", value_kind(entry), option=option), value)


def same_custom_field(entry: dict[str, Any], value: Any) -> bool:
    """Whether an entry holds a value, compared by its type."""
    wanted = custom_value(entry, value)
    found = entry.get(value_member(entry))
    if found is None or found == "":
        return wanted == "" or wanted is False
    try:
        found = custom_value(entry, found)
    except WantedError:
        return False
    return _same_lines(found, wanted) if isinstance(found, str) and isinstance(wanted, str) else bool(found == wanted)


def shown(field: Field, record: dict[str, Any], captions: Sequence[str] = ()) -> Any:
    """The value of a field for a person: the name of a reference, the chosen entries; None where empty."""
    found = record.get(field.name)
    if field.kind == REFERENCE:
        reference = found or {}
        return reference.get("name") or reference.get("identifier") or reference.get("id")
    if field.kind == COMMUNICATIONS:
        return shown_items(found or [], list(captions))
    if field.kind in ENTRIES:
        return {caption: shown_entry(find_custom_field(field, found, caption)) for caption in captions}
    if field.kind in (INTEGER, NUMBER, DAY, TIME) and found not in (None, ""):
        with suppress(WantedError):  # it is shown as it came
            return normalised(field, found)
    return None if found == "" else found


def shown_entry(entry: dict[str, Any]) -> Any:
    """The value of a custom field or a question for a person: no password; None where empty."""
    value = entry.get(value_member(entry))
    if value in (None, ""):
        return None
    return HIDDEN if is_password(entry) else value
