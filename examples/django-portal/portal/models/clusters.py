"""Clusters with their nodes, and the products that are sold on them."""

from django.db import models


class Cluster(models.Model):
    name = models.CharField(primary_key=True, max_length=63)

    def __str__(self) -> str:
        return self.name


class Node(models.Model):
    """What is free on a node, as its cluster tells: `1600m` cores, `10.11Gi`."""

    class Role(models.TextChoices):
        WORKER = "worker"
        CONTROL = "control"

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="nodes")
    name = models.CharField(max_length=63)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.WORKER)
    ready = models.BooleanField(default=True)
    labels = models.JSONField(default=list, blank=True)  # `["gpu=true"]`
    free_cpu = models.CharField(max_length=32)
    free_memory = models.CharField(max_length=32)
    free_gpu = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["cluster", "name"], name="one_node_a_name")]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    id = models.CharField(primary_key=True, max_length=63)
    cpu = models.CharField(max_length=32)
    memory = models.CharField(max_length=32)
    gpu = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.id
