# Copyright (c) 2026 msp.connectwise contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done, when and by whom, and what was: tasks of tickets, schedule entries, time entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .conditions import Condition
from .endpoints import Conditions, Endpoints
from .models import Record, Reference, name_in, parse_datetime

TICKET_SCHEDULE_TYPE = 4  # of schedule entries for tickets (fact sheet 11.3)


@dataclass(eq=False, repr=False)
class TicketTask(Record):
    """A task of a ticket, one entry of its check list (fact sheet 11.4)."""

    ticketId: int | None = None
    notes: str | None = None
    closedFlag: bool | None = None
    priority: int | None = None
    schedule: Reference | None = None
    code: Reference | None = None
    member: Reference | None = None
    resolution: str | None = None
    summary: str | None = None
    childScheduleAction: str | None = None
    childTicketId: int | None = None

    @property
    def text(self) -> str | None:
        """What is to be done; older servers have it in the notes only."""
        return self.summary or self.notes

    @property
    def is_closed(self) -> bool:
        """Whether it is done; False where the record does not say."""
        return bool(self.closedFlag)

    @property
    def code_name(self) -> str | None:
        return name_in(self.code, "name")

    @property
    def member_name(self) -> str | None:
        return name_in(self.member, "name")


@dataclass(eq=False, repr=False)
class TimeEntry(Record):
    """Time that was worked (fact sheet 11.2). Hours are hours, with a fraction."""

    company: Reference | None = None
    companyType: str | None = None
    chargeToId: int | None = None
    chargeToType: str | None = None
    member: Reference | None = None
    locationId: int | None = None
    businessUnitId: int | None = None
    businessGroupDesc: str | None = None
    location: Reference | None = None
    department: Reference | None = None
    workType: Reference | None = None
    workRole: Reference | None = None
    agreement: Reference | None = None
    agreementType: str | None = None
    activity: Reference | None = None
    opportunityRecid: int | None = None
    projectActivity: str | None = None
    territory: str | None = None
    timeStart: str | None = None
    timeEnd: str | None = None
    hoursDeduct: float | None = None
    actualHours: float | None = None
    billableOption: str | None = None
    notes: str | None = None
    internalNotes: str | None = None
    addToDetailDescriptionFlag: bool | None = None
    addToInternalAnalysisFlag: bool | None = None
    addToResolutionFlag: bool | None = None
    emailResourceFlag: bool | None = None
    emailContactFlag: bool | None = None
    emailCcFlag: bool | None = None
    emailCc: str | None = None
    hoursBilled: float | None = None
    invoiceHours: float | None = None
    hourlyCost: str | None = None
    enteredBy: str | None = None
    dateEntered: str | None = None
    invoice: Reference | None = None
    mobileGuid: str | None = None
    hourlyRate: float | None = None
    overageRate: float | None = None
    agreementHours: float | None = None
    agreementAmount: float | None = None
    agreementAdjustment: float | None = None
    adjustment: float | None = None
    invoiceReady: int | None = None
    timeSheet: Reference | None = None
    status: str | None = None
    ticket: Reference | None = None
    project: Reference | None = None
    phase: Reference | None = None
    ticketBoard: str | None = None
    ticketStatus: str | None = None
    ticketType: str | None = None
    ticketSubType: str | None = None
    invoiceFlag: bool | None = None
    extendedInvoiceAmount: float | None = None
    locationName: str | None = None
    taxCode: Reference | None = None
    customFields: list[dict[str, Any]] | None = None

    @property
    def member_name(self) -> str | None:
        return name_in(self.member, "name")

    @property
    def company_name(self) -> str | None:
        return name_in(self.company, "name")

    @property
    def start_datetime(self) -> datetime | None:
        return parse_datetime(self.timeStart)

    @property
    def end_datetime(self) -> datetime | None:
        return parse_datetime(self.timeEnd)


@dataclass(eq=False, repr=False)
class ScheduleEntry(Record):
    """When a member is to work at something (fact sheet 11.3)."""

    objectId: int | None = None
    name: str | None = None
    member: Reference | None = None
    where: Reference | None = None
    dateStart: str | None = None
    dateEnd: str | None = None
    reminder: Reference | None = None
    status: Reference | None = None
    type: Reference | None = None
    span: Reference | None = None
    doneFlag: bool | None = None
    acknowledgedFlag: bool | None = None
    ownerFlag: bool | None = None
    meetingFlag: bool | None = None
    allowScheduleConflictsFlag: bool | None = None
    addMemberToProjectFlag: bool | None = None
    projectRoleId: int | None = None
    mobileGuid: str | None = None
    acknowledgedDate: str | None = None
    closeDate: str | None = None
    notifyResource: bool | None = None
    notificationSent: bool | None = None
    notificationResponse: str | None = None
    hours: float | None = None
    startTimeSet: bool | None = None
    endTimeSet: bool | None = None

    @property
    def member_name(self) -> str | None:
        return name_in(self.member, "name")

    @property
    def status_name(self) -> str | None:
        return name_in(self.status, "name")

    @property
    def start_datetime(self) -> datetime | None:
        return parse_datetime(self.dateStart)

    @property
    def end_datetime(self) -> datetime | None:
        return parse_datetime(self.dateEnd)


class Work(Endpoints):
    """Tasks of tickets, time entries and schedule entries."""

    def get_ticket_tasks(self, ticket_id: int, conditions: Conditions = "", orderby: str = "") -> list[TicketTask]:
        """The tasks of a service ticket; none where there is no ticket."""
        return self._records(TicketTask, f"service/tickets/{int(ticket_id)}/tasks", conditions, orderby)

    def get_time_entry(self, entry_id: int) -> TimeEntry | None:
        """A time entry; None where there is none of that id."""
        return self._record(TimeEntry, f"time/entries/{int(entry_id)}")

    def get_time_entries(
        self, conditions: Conditions = "", orderby: str = "", limit: int | None = None
    ) -> list[TimeEntry]:
        """The time entries that meet the conditions; arguments as of :meth:`Endpoints.get_all`."""
        return self._records(TimeEntry, "time/entries", conditions, orderby, limit)

    def get_ticket_time_entries(self, ticket_id: int) -> list[TimeEntry]:
        """The time entries of a service ticket; its own list has only references (fact sheet 7.21)."""
        of_ticket = Condition("chargeToType", "=", "ServiceTicket") & Condition("chargeToId", "=", int(ticket_id))
        return self.get_time_entries(of_ticket)

    def get_schedule_entry(self, entry_id: int) -> ScheduleEntry | None:
        """A schedule entry; None where there is none of that id."""
        return self._record(ScheduleEntry, f"schedule/entries/{int(entry_id)}")

    def get_schedule_entries(
        self, conditions: Conditions = "", orderby: str = "", limit: int | None = None
    ) -> list[ScheduleEntry]:
        """The schedule entries that meet the conditions; arguments as of :meth:`Endpoints.get_all`."""
        return self._records(ScheduleEntry, "schedule/entries", conditions, orderby, limit)

    def get_ticket_schedule_entries(self, ticket_id: int) -> list[ScheduleEntry]:
        """The schedule entries of a ticket: who is assigned to it (fact sheet 11.3)."""
        of_ticket = Condition("type/id", "=", TICKET_SCHEDULE_TYPE) & Condition("objectId", "=", int(ticket_id))
        return self.get_schedule_entries(of_ticket)
