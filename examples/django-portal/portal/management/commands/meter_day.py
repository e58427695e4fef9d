"""Meters a day, writes its statements, and pays them if asked."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from ...models import Statement
from ...seams import Rule
from ...services import metering, statements


class Command(BaseCommand):
    help = "Meters a day, writes its statements, and pays them with --pay. Run again, it changes nothing that is right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "date", nargs="?", type=datetime.date.fromisoformat, help="YYYY-MM-DD; by default yesterday"
        )
        parser.add_argument(
            "--rule",
            type=Rule,
            choices=list(Rule),
            default=Rule.PORTAL,
            metavar="{portal,history}",
            help="as the portal always metered (the default), or by the whole life of each resource",
        )
        parser.add_argument("--pay", action="store_true", help="pay the statements of the day")

    def handle(self, *args: Any, **options: Any) -> None:
        date = options["date"] or timezone.now().date() - datetime.timedelta(days=1)
        metered = metering.meter_day(date, options["rule"])
        stated = statements.state_day(date)
        self.stdout.write(
            f"{date}: {metered.new} new readings, {metered.changed} changed, {metered.unchanged} unchanged, "
            f"{metered.gone} gone; {len(stated)} statements written"
        )
        if options["pay"]:
            self.stdout.write(f"{self._pay(date)} statements paid")
        for kind, id, fault in metered.faults:
            self.stderr.write(f"{kind} {id}: {fault.code}: {fault}")
        if metered.faults:
            raise CommandError(f"{len(metered.faults)} resources have no reading: see above")

    def _pay(self, date: datetime.date) -> int:
        """Each in a transaction of its own: what one owner can not pay hinders no other."""
        unpaid = list(Statement.objects.filter(date=date, status=Statement.Status.UNPAID))
        for statement in tqdm(unpaid, desc="pay", unit="statement", disable=None):
            statement.refresh_from_db(fields=["status"])  # it may have been paid with a correction before it
            if statement.status == Statement.Status.UNPAID:
                statements.settle(statement, timezone.now())
        return len(unpaid)
