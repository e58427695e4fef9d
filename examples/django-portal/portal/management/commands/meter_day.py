"""Meters a day, writes its statements, and pays them if asked."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ... import seams
from ...models import PriceList
from ...seams import Rule
from ...services import metering, statements


class Command(BaseCommand):
    help = (
        "Meters a day that has ended, writes its statements, and pays them with --pay. Run again, it adds what is missing "
        "and tells what it would meter otherwise now; with --again it corrects that."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "date",
            nargs="?",
            type=datetime.date.fromisoformat,
            help="YYYY-MM-DD, a day of the portal's zone; by default yesterday",
        )
        parser.add_argument(
            "--rule",
            type=Rule,
            choices=list(Rule),
            default=Rule.PORTAL,
            metavar="{portal,history}",
            help="as the portal always metered, from the rows as they stood when the day ended (the default), or by the "
            "whole life of each resource",
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="correct the readings that are there; what was charged stands, and corrections are stated beside it",
        )
        parser.add_argument("--pay", action="store_true", help="pay the statements of the day")

    def handle(self, *args: Any, **options: Any) -> None:
        date = options["date"] or timezone.localdate() - datetime.timedelta(days=1)
        if seams.billing_day(date).end > timezone.now():
            raise CommandError(f"{date} has not ended: what is used of it is not known yet")
        faults = self._meter(date, options["rule"], again=options["again"])
        stated = statements.state_day(date)
        self.stdout.write(f"{date}: {len(stated.written)} statements written")
        faults += self._tell(stated.faults)
        if options["pay"]:
            settled = statements.settle_day(date, timezone.now())
            meanwhile = f", {settled.meanwhile} meanwhile" if settled.meanwhile else ""
            self.stdout.write(f"{date}: {settled.paid} statements paid{meanwhile}")
            faults += self._tell(settled.faults)
        if faults:
            raise CommandError(f"{faults} faults: see above. All else was done")

    def _meter(self, date: datetime.date, rule: Rule, *, again: bool) -> int:
        """What there is to tell is told before anything else is begun; how many faults there are."""
        try:
            metered = metering.meter_day(date, rule, again=again)
        except PriceList.DoesNotExist as missing:
            raise CommandError(f"no price list is in force on {date}: add one on the admin pages") from missing
        except metering.UnusablePriceList as fault:
            raise CommandError(f"the price list in force on {date} can not be used: {fault}") from fault
        self.stdout.write(
            f"{date}: {metered.new} new readings, {metered.changed} changed, {metered.unchanged} unchanged, "
            f"{metered.gone} gone"
        )
        for other in metered.differences:
            now = "gone" if other.now is None else other.now
            self.stdout.write(f"{other.kind} {other.resource}: {other.payable} stands, and would be {now} with --again")
        for fault in metered.faults:
            stands = "it has no reading" if fault.stands is None else f"its reading of {fault.stands} stands"
            self.stderr.write(f"{fault.kind} {fault.resource}: {fault.error.code}: {fault.error}; {stands}")
        return len(metered.faults)

    def _tell(self, faults: list[tuple[str, Any]]) -> int:
        for what, error in faults:
            self.stderr.write(f"{what}: {error.code}: {error}")
        return len(faults)
