# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service boards, and what belongs to each: statuses, types, sub-types, items, teams."""

from __future__ import annotations

from dataclasses import dataclass

from .endpoints import Conditions, Endpoints
from .models import Record, Reference, name_in


@dataclass(eq=False, repr=False)
class Board(Record):
    """A service board (fact sheet 10); its settings beyond these are in ``extra``."""

    name: str | None = None
    location: Reference | None = None
    department: Reference | None = None
    inactiveFlag: bool | None = None
    projectFlag: bool | None = None
    dispatchMember: Reference | None = None
    serviceManagerMember: Reference | None = None
    dutyManagerMember: Reference | None = None
    oncallMember: Reference | None = None
    workRole: Reference | None = None
    workType: Reference | None = None
    billTime: str | None = None
    billExpense: str | None = None
    billProduct: str | None = None
    autoCloseStatus: Reference | None = None
    autoAssignNewTicketsFlag: bool | None = None
    discussionsLockedFlag: bool | None = None
    timeEntryLockedFlag: bool | None = None
    notifyEmailFrom: str | None = None
    closedLoopDiscussionsFlag: bool | None = None
    closedLoopResolutionFlag: bool | None = None
    closedLoopInternalAnalysisFlag: bool | None = None
    timeEntryDiscussionFlag: bool | None = None
    timeEntryResolutionFlag: bool | None = None
    timeEntryInternalAnalysisFlag: bool | None = None
    markFirstNoteIssueFlag: bool | None = None

    @property
    def location_name(self) -> str | None:
        return name_in(self.location, "name")

    @property
    def department_name(self) -> str | None:
        return name_in(self.department, "name")


@dataclass(eq=False, repr=False)
class BoardStatus(Record):
    """A status of a board. A ticket in it is closed where ``closedStatus`` is true."""

    name: str | None = None
    board: Reference | None = None
    sortOrder: int | None = None
    displayOnBoard: bool | None = None
    inactive: bool | None = None
    closedStatus: bool | None = None
    timeEntryNotAllowed: bool | None = None
    roundRobinCatchall: bool | None = None
    defaultFlag: bool | None = None
    escalationStatus: str | None = None
    customerPortalDescription: str | None = None
    customerPortalFlag: bool | None = None
    emailTemplate: Reference | None = None
    statusIndicator: Reference | None = None
    customStatusIndicatorName: str | None = None
    saveTimeAsNote: bool | None = None

    @property
    def board_name(self) -> str | None:
        return name_in(self.board, "name")

    @property
    def is_inactive(self) -> bool:
        return bool(self.inactive)


@dataclass(eq=False, repr=False)
class BoardType(Record):
    """A type of a board's tickets."""

    name: str | None = None
    category: str | None = None
    defaultFlag: bool | None = None
    inactiveFlag: bool | None = None
    requestForChangeFlag: bool | None = None
    integrationXref: str | None = None
    skillCategory: Reference | None = None
    skill: Reference | None = None
    board: Reference | None = None
    location: Reference | None = None
    department: Reference | None = None

    @property
    def board_name(self) -> str | None:
        return name_in(self.board, "name")


@dataclass(eq=False, repr=False)
class BoardSubType(Record):
    """A sub-type of a board's tickets, allowed for the types in ``typeAssociationIds``."""

    name: str | None = None
    inactiveFlag: bool | None = None
    typeAssociationIds: list[int] | None = None
    addAllTypesFlag: bool | None = None
    removeAllTypesFlag: bool | None = None
    board: Reference | None = None

    @property
    def board_name(self) -> str | None:
        return name_in(self.board, "name")


@dataclass(eq=False, repr=False)
class BoardItem(Record):
    """An item of a board's tickets."""

    name: str | None = None
    inactiveFlag: bool | None = None
    board: Reference | None = None

    @property
    def board_name(self) -> str | None:
        return name_in(self.board, "name")


@dataclass(eq=False, repr=False)
class BoardTeam(Record):
    """A team of a board; ``members`` are their ids."""

    name: str | None = None
    teamLeader: Reference | None = None
    members: list[int] | None = None
    defaultFlag: bool | None = None
    notifyOnTicketDelete: bool | None = None
    defaultRoundRobinFlag: bool | None = None
    roundRobinFlag: bool | None = None
    boardId: int | None = None
    locationId: int | None = None
    businessUnitId: int | None = None

    @property
    def leader_name(self) -> str | None:
        return name_in(self.teamLeader, "name")


@dataclass(eq=False, repr=False)
class Priority(Record):
    """A priority of tickets."""

    name: str | None = None
    color: str | None = None
    sortOrder: int | None = None
    defaultFlag: bool | None = None
    imageLink: str | None = None
    urgencySortOrder: str | None = None
    level: str | None = None


@dataclass(eq=False, repr=False)
class Source(Record):
    """Where a ticket came from: a call, an e-mail, a tool."""

    name: str | None = None
    defaultFlag: bool | None = None
    enteredBy: str | None = None
    dateEntered: str | None = None


class Boards(Endpoints):
    """Service boards, and what all of them share. Reading them takes the right "Table Setup" (fact sheet 2.5)."""

    def get_board(self, board_id: int) -> Board | None:
        """A board; None where there is none of that id."""
        return self._record(Board, f"service/boards/{int(board_id)}")

    def get_boards(self, conditions: Conditions = "", orderby: str = "", limit: int | None = None) -> list[Board]:
        """The boards that meet the conditions; arguments as of :meth:`Endpoints.get_all`."""
        return self._records(Board, "service/boards", conditions, orderby, limit)

    def get_board_statuses(self, board_id: int, conditions: Conditions = "") -> list[BoardStatus]:
        """The statuses of a board, retired ones too; none where there is no board."""
        return self._records(BoardStatus, f"service/boards/{int(board_id)}/statuses", conditions)

    def get_board_types(self, board_id: int, conditions: Conditions = "") -> list[BoardType]:
        """The types of a board; none where there is no board."""
        return self._records(BoardType, f"service/boards/{int(board_id)}/types", conditions)

    def get_board_subtypes(self, board_id: int, conditions: Conditions = "") -> list[BoardSubType]:
        """The sub-types of a board; none where there is no board."""
        return self._records(BoardSubType, f"service/boards/{int(board_id)}/subtypes", conditions)

    def get_board_items(self, board_id: int, conditions: Conditions = "") -> list[BoardItem]:
        """The items of a board; none where there is no board."""
        return self._records(BoardItem, f"service/boards/{int(board_id)}/items", conditions)

    def get_board_teams(self, board_id: int, conditions: Conditions = "") -> list[BoardTeam]:
        """The teams of a board; none where there is no board."""
        return self._records(BoardTeam, f"service/boards/{int(board_id)}/teams", conditions)

    def get_priorities(self, conditions: Conditions = "") -> list[Priority]:
        """The priorities that meet the conditions."""
        return self._records(Priority, "service/priorities", conditions)

    def get_sources(self, conditions: Conditions = "") -> list[Source]:
        """The sources that meet the conditions."""
        return self._records(Source, "service/sources", conditions)
