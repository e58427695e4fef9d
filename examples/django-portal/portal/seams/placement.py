"""Whether a product still fits a cluster (R-A1, R-A2, R-A7)."""

from collections.abc import Iterable, Sequence
from typing import Any

import counterfoil

from ..models import Node, Product


def accommodation(nodes: Iterable[Node], labels: Sequence[str], products: Iterable[Product]) -> list[str]:
    """The products that no node takes: grey on the page where they are bought."""
    answer = counterfoil.placement.determine_accommodation(
        nodes=[_node(row) for row in nodes],
        labels=list(labels),
        products=[{"id": row.id, "cpu": row.cpu, "memory": row.memory, "gpu": row.gpu} for row in products],
    )
    return list(answer.undeployable)


def why_not(nodes: Iterable[Node], labels: Sequence[str], product: Product) -> counterfoil.placement.Explained:
    """Why a product fits or not, in words, and what to do about it."""
    return counterfoil.placement.explain(
        centre={
            "inventory": {"nodes": [_inventory(row) for row in nodes]},
            "rules": {"required_labels": _by_key(labels)},
        },
        product={"id": product.id, "parts": _parts(product)},
    )


def _node(row: Node) -> dict[str, Any]:
    return {
        "name": row.name,
        "role": row.role,
        "ready": row.ready,
        "labels": row.labels,
        "cpu": row.free_cpu,
        "memory": row.free_memory,
        "gpu": row.free_gpu,
    }


def _inventory(row: Node) -> dict[str, Any]:
    return {
        "name": row.name,
        "role": row.role,
        "ready": row.ready,
        "labels": _by_key(row.labels),
        "resources": {"cpu": row.free_cpu, "memory": row.free_memory, "gpu": str(row.free_gpu)},
    }


def _parts(product: Product) -> list[dict[str, str]]:
    parts = [{"resource": "cpu", "amount": product.cpu}, {"resource": "memory", "amount": product.memory}]
    return parts + ([{"resource": "gpu", "amount": str(product.gpu)}] if product.gpu else [])


def _by_key(labels: Iterable[str]) -> dict[str, str]:
    return dict(label.split("=", 1) for label in labels)
