# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of conditions, childConditions, customFieldConditions and orderBy, turned into SQL (fact 4).

There is no escape sequence within a string (fact 4.4); a string ends at its own delimiter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, UnexpectedInput

from .errors import ApiError, bad_condition, unknown_name
from .fields import TYPES, Field, RecordType, View
from .switches import Switches

GRAMMAR = r"""
    start: either
    either: both (OR both)*
    both: part (AND part)*
    ?part: "(" either ")" | comparison | membership
    comparison: NAME operator value
    operator: SIGN | CONTAINS | LIKE | NOT CONTAINS | NOT LIKE
    membership: NAME (IN | NOT IN) "(" value ("," value)* ")"
    value: STRING | NUMBER | DATE | TRUE | FALSE | NULL

    SIGN: "!=" | "<=" | ">=" | "=" | "<" | ">"
    AND.2: /and\b/i
    OR.2: /or\b/i
    NOT.2: /not\b/i
    IN.2: /in\b/i
    CONTAINS.2: /contains\b/i
    LIKE.2: /like\b/i
    TRUE.2: /true\b/i
    FALSE.2: /false\b/i
    NULL.2: /null\b/i
    NAME: /[A-Za-z_][A-Za-z0-9_]*(\/[A-Za-z_][A-Za-z0-9_]*)*/
    STRING: /"[^"]*"|'[^']*'/
    NUMBER: /-?[0-9]+(\.[0-9]+)?/
    DATE: /\[[^\]]*\]/
    %ignore /[ \t\r\n]+/
"""
_KEYWORDS = {"and", "or", "not", "in", "contains", "like", "true", "false", "null"}
_NOUNS = {"flag": "boolean", "integer": "numeric", "number": "numeric", "datetime": "datetime", "date": "datetime"}


@dataclass(frozen=True)
class Literal:
    """A value in a condition. ``kind``: string, numeric, datetime, boolean or null."""

    kind: str
    value: object


@dataclass(frozen=True)
class Comparison:
    """``name operator literal``; for ``in`` there may be several literals."""

    name: str
    operator: str
    literals: tuple[Literal, ...]


@dataclass(frozen=True)
class Joined:
    """Parts joined by AND or OR."""

    word: str
    parts: tuple[Comparison | Joined, ...]


Tree = Comparison | Joined


@dataclass(frozen=True)
class Column:
    """What a name stands for: an SQL expression, and the kind of field it is ("any" takes every literal)."""

    sql: str
    kind: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sql:
    """An SQL condition and its parameters."""

    text: str
    parameters: tuple[object, ...] = ()


class _Builder(Transformer[Token, Tree]):
    """Parse tree to Comparison and Joined."""

    def start(self, parts: list[Tree]) -> Tree:
        return parts[0]

    def either(self, parts: list[Tree]) -> Tree:
        return self._join("OR", parts)

    def both(self, parts: list[Tree]) -> Tree:
        return self._join("AND", parts)

    def _join(self, word: str, parts: list[Tree]) -> Tree:
        real = tuple(part for part in parts if not isinstance(part, Token))
        return real[0] if len(real) == 1 else Joined(word, real)

    def comparison(self, parts: list[object]) -> Tree:
        name, operator, literal = parts
        assert isinstance(literal, Literal)
        return Comparison(str(name), str(operator), (literal,))

    def operator(self, words: list[Token]) -> str:
        return " ".join(word.lower() for word in words)

    def membership(self, parts: list[object]) -> Tree:
        words = [str(part).lower() for part in parts[1:] if isinstance(part, Token)]
        literals = tuple(part for part in parts if isinstance(part, Literal))
        return Comparison(str(parts[0]), " ".join(words), literals)

    def value(self, tokens: list[Token]) -> Literal:
        token = tokens[0]
        if token.type == "STRING":
            return Literal("string", str(token[1:-1]).replace("\x00", ""))
        if token.type == "NUMBER":
            if len(token) > 28:
                # More than a Decimal of .NET holds.
                raise bad_condition(f"{token} is not a valid numeric value.")
            return Literal("numeric", float(token) if "." in token else int(token))
        if token.type == "DATE":
            return Literal("datetime", read_date(token[1:-1]))
        if token.type == "NULL":
            return Literal("null", None)
        return Literal("boolean", token.lower() == "true")


_PARSER = Lark(GRAMMAR, parser="lalr", lexer="contextual")


def read_date(text: str) -> str:
    """A date of a condition as it is stored: UTC, whole seconds (fact 4.7). ApiError when it is none."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError as error:
        raise bad_condition(f"{text} is not a valid DateTime value.") from error
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(timezone.utc)
        except OverflowError as error:
            raise bad_condition(f"{text} is not a valid DateTime value.") from error
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z".rjust(20, "0")


def parse(text: str, known: Callable[[str], object]) -> Tree:
    """Read conditions. Bad syntax is reported as a name that is not recognized (fact 4.16).

    ``known`` says whether a name is one, so that the first that is not can be named.
    """
    try:
        return _Builder().transform(_PARSER.parse(text))
    except UnexpectedInput as error:
        raise unknown_name(_culprit(text, error, known)) from error
    except (LarkError, RecursionError) as error:
        original = getattr(error, "orig_exc", None)
        if isinstance(original, ApiError):
            raise original from error
        raise bad_condition("The conditions could not be understood.") from error


def _culprit(text: str, error: UnexpectedInput, known: Callable[[str], object]) -> str:
    without_strings = re.sub(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]", lambda found: " " * len(found[0]), text)
    for found in re.finditer(r"[A-Za-z_][\w/]*", without_strings):
        if found[0].lower() not in _KEYWORDS and not known(found[0]):
            return found[0]
    position = error.pos_in_stream
    rest: list[str] = text[position:].split() if isinstance(position, int) and position >= 0 else []
    return rest[0] if rest else text.strip()


# Names -----------------------------------------------------------------------------------------------------------

_INACTIVE_REFUSED = ("member", "workType", "workRole", "location")
_INFO_NAMES = {
    "lastUpdated": "datetime",
    "dateEntered": "datetime",
    "updatedBy": "text",
    "enteredBy": "text",
}


def _path(name: str, alias: str = "r.body") -> str:
    return f"json_extract({alias}, '$.{name}')"


def _columns_of_field(field: Field, sql: str, name: str) -> dict[str, Column]:
    if field.kind == "loose":
        kinds = {"id": "integer", "name": "text", "identifier": "text"}
        return {f"{name}/{part}".lower(): Column(_path(f"{name}.{part}"), kind) for part, kind in kinds.items()}
    if field.kind != "reference":
        return {name.lower(): Column(sql, field.kind, field.values)}
    target = TYPES[field.to]
    columns = {f"{name}/id".lower(): Column(sql, "integer")}
    for shown, stored in (("name", target.title), *((extra, extra) for extra in target.shows)):
        known = target.by_field.get(stored)
        if stored == "id" or (known and known.kind != "text" and shown != "name"):
            continue
        alias = f"{target.name}_of"
        columns[f"{name}/{shown}".lower()] = Column(
            f'(SELECT {_path(stored, f"{alias}.body")} FROM "{target.name}" {alias} WHERE {alias}.id = {sql})', "text"
        )
    if target.name in ("priority", "status"):
        alias = f"{target.name}_of"
        columns[f"{name}/sort".lower()] = Column(
            f'(SELECT {_path("sortOrder", f"{alias}.body")} FROM "{target.name}" {alias} WHERE {alias}.id = {sql})',
            "integer",
        )
    if target.title == "summary":
        columns[f"{name}/summary".lower()] = columns[f"{name}/name".lower()]
    return columns


@cache
def columns_of(record_type: RecordType) -> dict[str, Column]:
    """The names that conditions on a record type may use, in lower case (facts 4.8, 4.11, 4.12)."""
    columns: dict[str, Column] = {}
    for field in record_type.fields:
        if field.filters:
            columns.update(_columns_of_field(field, "r.id" if field.name == "id" else _path(field.name), field.name))
    for name, kind in _INFO_NAMES.items():
        column = Column(_path(f"_{name}"), kind)
        columns[f"_info/{name}".lower()] = column
        columns.setdefault(name.lower(), column)
    if record_type.name == "board":
        # Its name in older versions of the API, by which published clients still filter.
        columns["inactive"] = columns["inactiveflag"]
    if record_type.name in ("ticket", "projectTicket"):
        # The link itself is the "column": see _compare.
        columns["configuration/id"] = Column("configuration", "attachment")
    return columns


@cache
def columns_of_view(view: View) -> dict[str, Column]:
    """The names that conditions on a view may use."""
    all_columns = columns_of(TYPES[view.of])
    columns = {name: column for name, column in all_columns.items() if "lastupdated" in name or "dateentered" in name}
    for shown, stored in view.fields:
        if stored.startswith("_"):
            columns[shown.lower()] = Column(_path(stored), "text")
        for name, column in all_columns.items():
            if name == stored.lower() or name.startswith(stored.lower() + "/"):
                columns[shown.lower() + name[len(stored) :]] = column
    return columns


def columns_of_documents(kinds: dict[str, str]) -> dict[str, Column]:
    """The names that conditions may use on documents that are made for the answer, from name: kind."""
    columns = {
        name.lower(): Column("r.id" if name == "id" else _path(name.replace("/", ".")), kind)
        for name, kind in kinds.items()
    }
    if "_info/lastupdated" in columns:
        columns["lastupdated"] = columns["_info/lastupdated"]
    return columns


# Comparisons ------------------------------------------------------------------------------------------------------


def _mismatch(wanted: str, got: str) -> ApiError:
    """The text of fact 4.16; its middle was abbreviated by those who kept it."""
    return bad_condition(
        f"Expected a {wanted} value, not a {got}. String values should be enclosed with double or single quotes; "
        "DateTime values should be enclosed in square brackets; numbers should not be enclosed; "
        "boolean values should be true or false; null values should be the keyword null."
    )


@dataclass(frozen=True)
class Compiler:
    """Turns conditions into SQL, with the names of one record type and the switches as they are."""

    columns: dict[str, Column]
    switches: Switches
    refused: frozenset[str] = frozenset()
    """Names that exist but cannot be used, in lower case."""
    may_use_in: bool = True
    """in is not allowed in childConditions and customFieldConditions (fact 4.10)."""

    def known(self, name: str) -> Column | None:
        """The column of a name, whose case does not matter, or None."""
        lower = name.lower()
        return None if lower in self.refused else self.columns.get(lower)

    def compile(self, text: str) -> Sql:
        """SQL for conditions; always true for an empty text. ApiError 400 for what is not understood."""
        if not text.strip():
            return Sql("1")
        return self._compile(parse(text, self.known))

    def _compile(self, tree: Tree) -> Sql:
        if isinstance(tree, Comparison):
            return self._compare(tree)
        return _balanced([self._compile(part) for part in tree.parts], tree.word)

    def _compare(self, comparison: Comparison) -> Sql:
        column = self.known(comparison.name)
        if column is None:
            raise unknown_name(comparison.name)
        operator, literals = comparison.operator, comparison.literals
        if operator.endswith("in"):
            if not self.may_use_in:
                raise unknown_name("in")
            return self._member(column, operator, literals)
        literal = literals[0]
        if column.kind == "attachment":
            return _attached(operator, literal)
        if literal.kind == "null":
            if operator not in ("=", "!="):
                raise _mismatch(_NOUNS.get(column.kind, "string"), "null")
            return Sql(f"({column.sql}) IS {'NOT ' if operator == '!=' else ''}NULL")
        _check(column, operator, literal)
        if operator in ("contains", "not contains", "like", "not like"):
            return self._like(column, operator, str(literal.value))
        return self._ordered(column, operator, literal)

    def _ordered(self, column: Column, operator: str, literal: Literal) -> Sql:
        value = literal.value
        if not isinstance(value, str) or literal.kind == "datetime":
            return Sql(f"{column.sql} {operator} ?", (_number(value),))
        if value.startswith("[[]"):
            value = "[" + value[3:]
        elif value.startswith("[") and self.switches.is_("leading_bracket", "escaped") and operator in ("=", "!="):
            return Sql("0" if operator == "=" else f"{column.sql} IS NOT NULL")
        if self.switches.is_("case_sensitive_strings", "on"):
            return Sql(f"{column.sql} {operator} ?", (value,))
        if value.isascii():
            return Sql(f"{column.sql} {operator} ? COLLATE NOCASE", (value,))
        return Sql(f"fold({column.sql}) {operator} fold(?)", (value,))

    def _like(self, column: Column, operator: str, value: str) -> Sql:
        negation = "NOT " if operator.startswith("not ") else ""
        sensitive = self.switches.is_("case_sensitive_strings", "on")
        if operator.endswith("contains"):
            if self.switches.is_("wildcards_in_contains", "off"):
                left, right = (column.sql, "?") if sensitive else (f"fold({column.sql})", "fold(?)")
                return Sql(f"{negation}(instr({left}, {right}) > 0)", (value,))
            pattern = f"%{value}%"
        else:
            if "%" in value and self.switches.is_("percent_in_like", "ignored"):
                return Sql("1")
            pattern = value.replace("*", "%")
        if value.isascii() and not sensitive and not re.search(r"[\[\x00]", value):
            return Sql(f"{column.sql} {negation}LIKE ?", (pattern,))
        return Sql(f"{negation}sql_like(?, {column.sql}, ?)", (pattern, int(not sensitive)))

    def _member(self, column: Column, operator: str, literals: tuple[Literal, ...]) -> Sql:
        negation = "NOT " if operator.startswith("not") else ""
        if column.kind == "attachment":
            parts = [_attached("=", literal) for literal in literals]
            found = _balanced(parts, "OR")
            return Sql(f"{negation}({found.text})", found.parameters)
        for literal in literals:
            if literal.kind == "null":
                raise _mismatch(_NOUNS.get(column.kind, "string"), "null")
            _check(column, "in", literal)
        texts = [literal.value for literal in literals if isinstance(literal.value, str)]
        if not texts or literals[0].kind == "datetime":
            values = json.dumps([_number(literal.value) for literal in literals])
            return Sql(f"{column.sql} {negation}IN (SELECT value FROM json_each(?))", (values,))
        equal = [self._ordered(column, "=", literal) for literal in literals]
        found = _balanced(equal, "OR")
        return Sql(f"{negation}({found.text})", found.parameters)

    def order(self, text: str) -> str:
        """ORDER BY for orderBy: names with asc or desc, comma separated (fact 3.10)."""
        parts = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _blank, direction = part.partition(" ")
            column = self.known(name)
            if column is None or column.kind == "attachment" or direction.strip().lower() not in ("", "asc", "desc"):
                raise unknown_name(name if column is None else part)
            collation = " COLLATE NOCASE" if column.kind in ("text", "enum") else ""
            parts.append(f"{column.sql}{collation} {direction.strip().upper()}")
        return ", ".join(parts)


def _number(value: object) -> object:
    """SQLite has no whole numbers above 64 bits."""
    return float(value) if isinstance(value, int) and abs(value) >= 2**63 else value


def _attached(operator: str, literal: Literal) -> Sql:
    """Tickets of a configuration: configuration/id = N (fact 4.11)."""
    if literal.kind != "numeric" or operator not in ("=", "!="):
        raise _mismatch("numeric", literal.kind)
    negation = "NOT " if operator == "!=" else ""
    return Sql(
        f"r.id {negation}IN (SELECT a.ticket FROM attachment a WHERE a.configuration = ?)", (_number(literal.value),)
    )


def _check(column: Column, operator: str, literal: Literal) -> None:
    """Whether literal and operator fit the kind of field (fact 4.16)."""
    if column.kind == "enum":
        allowed = {value.lower() for value in column.values}
        if (
            literal.kind != "string"
            or str(literal.value).lower() not in allowed
            or operator not in ("=", "!=", "in", "not in")
        ):
            raise bad_condition("Enum value supplied was invalid")
        return
    wanted = _NOUNS.get(column.kind, "string")
    if column.kind != "any" and wanted != literal.kind:
        raise _mismatch(wanted, literal.kind)
    if operator.endswith(("contains", "like")) and literal.kind != "string":
        raise _mismatch("string", literal.kind)


def _balanced(parts: list[Sql], word: str) -> Sql:
    """Join conditions as a shallow tree: SQLite refuses deep ones."""
    if len(parts) == 1:
        return Sql(f"({parts[0].text})", parts[0].parameters)
    middle = len(parts) // 2
    left, right = _balanced(parts[:middle], word), _balanced(parts[middle:], word)
    return Sql(f"({left.text} {word} {right.text})", left.parameters + right.parameters)


# The three parameters ---------------------------------------------------------------------------------------------


def compiler_for(listed: RecordType | View, switches: Switches) -> Compiler:
    """The compiler of conditions and orderBy for what a list shows."""
    record_type = listed if isinstance(listed, RecordType) else TYPES[listed.of]
    refused = set()
    if record_type.name in _INACTIVE_REFUSED and switches.is_("inactive_flag_condition", "refuse"):
        refused.add("inactiveflag")
    columns = columns_of(listed) if isinstance(listed, RecordType) else columns_of_view(listed)
    return Compiler(columns, switches, frozenset(refused))


def child_conditions(record_type: RecordType, text: str, switches: Switches) -> Sql:
    """Records of which a child fulfils the conditions (fact 4.13), e.g. communicationItems/value like "x"."""
    columns: dict[str, Column] = {}
    for field in record_type.fields:
        if field.kind == "children":
            for child in field.children:
                path = _path(child.name, "child.value")
                columns.update(_columns_of_field(child, path, f"{field.name}/{child.name}"))
        elif field.kind == "references":
            reference = Field("", "reference", to=field.to)
            columns.update(_columns_of_field(reference, "child.value", field.name))
    arrays = {name.split("/")[0]: name.split("/")[0] for name in columns}
    if record_type.name == "subType":
        columns["typeassociation/id"] = Column("child.value", "integer")
        arrays["typeassociation"] = "typeassociationids"
    if not text.strip():
        return Sql("1")
    compiler = Compiler(columns, switches, may_use_in=False)
    found = compiler.compile(text)
    used = {name.split("/")[0].lower() for name in _names(parse(text, compiler.known))}
    if len(used) != 1:
        raise bad_condition("The childConditions must be about one kind of child.")
    wanted = arrays[used.pop()]
    stored = next(field.name for field in record_type.fields if field.name.lower() == wanted)
    return Sql(f"EXISTS (SELECT 1 FROM json_each(r.body, '$.{stored}') child WHERE {found.text})", found.parameters)


def custom_field_conditions(record_type: RecordType, text: str, switches: Switches) -> Sql:
    """Records of which a custom field fulfils the conditions (fact 4.14): caption="x" AND value != null."""
    value = "(SELECT held.value FROM json_each(r.body, '$.customFields') held WHERE held.key = CAST(f.id AS TEXT))"
    columns = {
        "id": Column("f.id", "integer"),
        "caption": Column(_path("caption", "f.body"), "text"),
        "type": Column(_path("fieldTypeIdentifier", "f.body"), "text"),
        "value": Column(value, "any"),
    }
    if not text.strip():
        return Sql("1")
    if not record_type.screen:
        raise unknown_name("customFieldConditions")
    found = Compiler(columns, switches, may_use_in=False).compile(text)
    return Sql(
        f'EXISTS (SELECT 1 FROM "userDefinedField" f WHERE {_path("screenId", "f.body")} = ? AND {found.text})',
        (record_type.screen, *found.parameters),
    )


def _names(tree: Tree) -> list[str]:
    if isinstance(tree, Comparison):
        return [tree.name]
    return [name for part in tree.parts for name in _names(part)]
