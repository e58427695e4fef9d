"""Errors of Counterfoil as answers over HTTP: by category, with the code that never changes."""

from typing import Any, Literal

from counterfoil import CounterfoilError
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import get_language
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ..services.ranges import Violated

STATUS = {
    "invalid_input": 400,
    "out_of_range": 400,
    "unsupported": 400,
    "not_found": 404,
    "conflict": 409,
    "insufficient": 409,
}


#: The categories of violations, which come with their codes alone. One that is not here disagrees with another row.
VIOLATIONS = {
    "ipam.empty_merge": "invalid_input",
    "ipam.empty_plan": "invalid_input",
    "ipam.merge_length": "out_of_range",
    "ipam.merge_not_found": "not_found",
    "ipam.merge_shorter": "out_of_range",
    "ipam.plan_length": "out_of_range",
    "ipam.plan_not_one_network": "invalid_input",
    "ipam.plan_reversed": "invalid_input",
    "ipam.plan_shorter": "out_of_range",
    "ipam.plan_too_long": "out_of_range",
}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """What Django REST framework calls with each exception of a view."""
    if isinstance(error, CounterfoilError):
        return Response(_told(error), status=STATUS[error.category])
    if isinstance(error, Violated):
        violations = [_violation(violation.error) for violation in error.violations]
        status = STATUS[VIOLATIONS.get(violations[0]["code"], "conflict")]
        return Response({**violations[0], "violations": violations}, status=status)
    if isinstance(error, ObjectDoesNotExist):
        error = Http404(str(error))
    return exception_handler(error, context)


def _told(error: CounterfoilError) -> dict[str, Any]:
    return {"code": error.code, "message": error.message(_language()), "details": dict(error.details)}


def _violation(error: Any) -> dict[str, Any]:
    message = error.message_zh if _language() == "zh" else error.message
    return {"code": error.code, "message": message, "details": dict(error.details)}


def _language() -> Literal["en", "zh"]:
    """The language that the caller asks for: both have every message."""
    return "zh" if (get_language() or "").startswith("zh") else "en"
