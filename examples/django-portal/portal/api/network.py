"""Ranges of addresses, and room in clusters."""

from typing import Any

from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .. import seams
from ..models import Cluster, IPv4Range, IPv6Range, LabelledRange, Product
from ..services import ranges
from . import inputs
from .money import read

FAMILIES: dict[str, type[LabelledRange]] = {"ipv4": IPv4Range, "ipv6": IPv6Range}


class SplitView(APIView):
    """`POST /api/ipv4/<id>/split`. With `"dry_run": true` nothing is written, and the answer is the same."""

    permission_classes = [IsAdminUser]

    def post(self, request: Request, family: str, id: str) -> Response:
        asked = read(inputs.SplitRequest, request.data)
        return _told(ranges.split(FAMILIES[family], id, _into(asked), _how(request, asked)), asked)


class MergeView(APIView):
    """`POST /api/ipv4/merge`, with or without a dry run."""

    permission_classes = [IsAdminUser]

    def post(self, request: Request, family: str) -> Response:
        asked = read(inputs.MergeRequest, request.data)
        record = ranges.merge(FAMILIES[family], asked["ids"], asked["prefix_len"], _how(request, asked))
        return _told(record, asked)


class AccommodationView(APIView):
    """`GET /api/clusters/<name>/accommodation`: which products can not be bought there now, and why."""

    def get(self, request: Request, name: str) -> Response:
        labels = read(inputs.Labels, request.query_params)["labels"]
        nodes = list(Cluster.objects.get(pk=name).nodes.all())
        products = {row.id: row for row in Product.objects.all()}
        grey = seams.accommodation(nodes, labels, products.values())
        return Response(
            {"undeployable": grey, "why": {id: seams.why_not(nodes, labels, products[id]).text for id in grey}}
        )


def _into(asked: dict[str, Any]) -> ranges.IntoLength | ranges.IntoFew | ranges.IntoPlan:
    if "plan" in asked:
        return ranges.IntoPlan(asked["plan"])
    if asked["mini"]:
        return ranges.IntoFew(asked["prefix_len"], asked["diff"])
    return ranges.IntoLength(asked["prefix_len"])


def _how(request: Request, asked: dict[str, Any]) -> ranges.How:
    return ranges.How(request.user.username, asked["remark"], asked["dry_run"])


def _told(record: Any | None, asked: dict[str, Any]) -> Response:
    return Response(
        {
            "dry_run": asked["dry_run"],
            "unchanged": record is None,
            "before": [ranges.told(row) for row in record.before] if record else [],
            "after": [ranges.told(row) for row in record.after] if record else [],
        }
    )
