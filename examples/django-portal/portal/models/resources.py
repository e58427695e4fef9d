"""What is metered: a current row of each resource, and rows of what it was before."""

from django.db import models

from .terms import AppService, Owned, PayType, id_field


class Resource(Owned):
    """The current row of a resource: as it has been since `start_time`."""

    id = id_field()
    name = models.CharField(max_length=100)
    unit = models.ForeignKey(AppService, on_delete=models.PROTECT)
    pay_type = models.CharField(max_length=8, choices=PayType.choices, default=PayType.POSTPAID)
    creation_time = models.DateTimeField()
    start_time = models.DateTimeField()
    deleted_time = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Archive(models.Model):
    """What a resource was from `start_time` until `end_time`, when something changed."""

    pay_type = models.CharField(max_length=8, choices=PayType.choices, default=PayType.POSTPAID)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["start_time", "id"]


class ServerSpec(models.Model):
    vcpus = models.PositiveIntegerField()
    ram_gib = models.PositiveIntegerField()
    disk_gib = models.PositiveIntegerField(default=0)
    public_ip = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Server(Resource, ServerSpec):
    expiration_time = models.DateTimeField(null=True, blank=True)


class ServerArchive(Archive, ServerSpec):
    class Change(models.TextChoices):
        REBUILD = "rebuild"
        POST2PRE = "post2pre"

    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="archive")
    change = models.CharField(max_length=16, choices=Change.choices)


class Disk(Resource):
    size_gib = models.PositiveIntegerField()
    expiration_time = models.DateTimeField(null=True, blank=True)


class DiskArchive(Archive):
    class Change(models.TextChoices):
        EXPANSION = "expansion"
        POST2PRE = "post2pre"

    disk = models.ForeignKey(Disk, on_delete=models.CASCADE, related_name="archive")
    change = models.CharField(max_length=16, choices=Change.choices)
    size_gib = models.PositiveIntegerField()


class Bucket(Resource):
    """Its size as it was sampled last."""

    storage_bytes = models.BigIntegerField(default=0)


class BucketSample(models.Model):
    """The size that counts for a day: it stays what it was, however the bucket grows later."""

    bucket = models.ForeignKey(Bucket, on_delete=models.CASCADE, related_name="samples")
    date = models.DateField()
    storage_bytes = models.BigIntegerField()

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["bucket", "date"], name="one_sample_a_day")]
