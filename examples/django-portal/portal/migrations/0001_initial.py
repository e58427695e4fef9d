from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import portal.models.terms


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "owner_type",
                    models.CharField(choices=[("user", "User"), ("group", "Group")], default="user", max_length=8),
                ),
                ("owner_id", models.CharField(max_length=36)),
                ("balance", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
            ],
        ),
        migrations.CreateModel(
            name="AppService",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("app_id", models.CharField(max_length=36)),
                (
                    "category",
                    models.CharField(
                        choices=[("server", "server"), ("other", "other")], default="server", max_length=16
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Bucket",
            fields=[
                (
                    "owner_type",
                    models.CharField(choices=[("user", "User"), ("group", "Group")], default="user", max_length=8),
                ),
                ("owner_id", models.CharField(max_length=36)),
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "pay_type",
                    models.CharField(
                        choices=[("prepaid", "Prepaid"), ("postpaid", "Postpaid"), ("quota", "Quota")],
                        default="postpaid",
                        max_length=8,
                    ),
                ),
                ("creation_time", models.DateTimeField()),
                ("start_time", models.DateTimeField()),
                ("deleted_time", models.DateTimeField(blank=True, null=True)),
                ("storage_bytes", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Cluster",
            fields=[
                ("name", models.CharField(max_length=63, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Coupon",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner_type", models.CharField(blank=True, default="", max_length=8)),
                ("owner_id", models.CharField(blank=True, default="", max_length=36)),
                ("face_value", models.DecimalField(decimal_places=2, max_digits=14)),
                ("balance", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("wait", "Wait"),
                            ("available", "Available"),
                            ("cancelled", "Cancelled"),
                            ("deleted", "Deleted"),
                        ],
                        default="wait",
                        max_length=16,
                    ),
                ),
                ("order_id", models.CharField(blank=True, default="", max_length=200)),
                ("effective_time", models.DateTimeField()),
                ("expiration_time", models.DateTimeField()),
                ("creation_time", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Disk",
            fields=[
                (
                    "owner_type",
                    models.CharField(choices=[("user", "User"), ("group", "Group")], default="user", max_length=8),
                ),
                ("owner_id", models.CharField(max_length=36)),
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "pay_type",
                    models.CharField(
                        choices=[("prepaid", "Prepaid"), ("postpaid", "Postpaid"), ("quota", "Quota")],
                        default="postpaid",
                        max_length=8,
                    ),
                ),
                ("creation_time", models.DateTimeField()),
                ("start_time", models.DateTimeField()),
                ("deleted_time", models.DateTimeField(blank=True, null=True)),
                ("size_gib", models.PositiveIntegerField()),
                ("expiration_time", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DiskArchive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pay_type",
                    models.CharField(
                        choices=[("prepaid", "Prepaid"), ("postpaid", "Postpaid"), ("quota", "Quota")],
                        default="postpaid",
                        max_length=8,
                    ),
                ),
                ("start_time", models.DateTimeField()),
                ("end_time", models.DateTimeField()),
                (
                    "change",
                    models.CharField(choices=[("expansion", "Expansion"), ("post2pre", "Post2Pre")], max_length=16),
                ),
                ("size_gib", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["start_time", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IPv4Range",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("prefix_len", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("wait", "Wait"), ("reserved", "Reserved"), ("assigned", "Assigned")],
                        default="wait",
                        max_length=16,
                    ),
                ),
                ("asn", models.BigIntegerField(blank=True, null=True)),
                ("owner", models.CharField(blank=True, default="", max_length=100)),
                ("remark", models.CharField(blank=True, default="", max_length=255)),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField()),
            ],
            options={
                "ordering": ["start"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IPv6Range",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("prefix_len", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("wait", "Wait"), ("reserved", "Reserved"), ("assigned", "Assigned")],
                        default="wait",
                        max_length=16,
                    ),
                ),
                ("asn", models.BigIntegerField(blank=True, null=True)),
                ("owner", models.CharField(blank=True, default="", max_length=100)),
                ("remark", models.CharField(blank=True, default="", max_length=255)),
                ("start", models.BinaryField(max_length=16)),
                ("end", models.BinaryField(max_length=16)),
            ],
            options={
                "ordering": ["start"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "owner_type",
                    models.CharField(choices=[("user", "User"), ("group", "Group")], default="user", max_length=8),
                ),
                ("owner_id", models.CharField(max_length=36)),
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("app_id", models.CharField(max_length=36)),
                ("order_id", models.CharField(max_length=200)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("method", models.CharField(max_length=16)),
                ("funding", models.CharField(max_length=16)),
                ("coupon_ids", models.JSONField(null=True)),
                ("paid_at", models.DateTimeField()),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="portal.appservice")),
            ],
            options={
                "ordering": ["-paid_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PriceList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.CharField(max_length=32, unique=True)),
                ("effective_from", models.DateTimeField()),
                ("vm_base", models.DecimalField(decimal_places=5, default=Decimal("0"), max_digits=12)),
                ("vm_cpu", models.DecimalField(decimal_places=5, default=Decimal("0.066"), max_digits=12)),
                ("vm_ram", models.DecimalField(decimal_places=5, default=Decimal("0.012"), max_digits=12)),
                ("vm_disk", models.DecimalField(decimal_places=5, default=Decimal("0.122"), max_digits=12)),
                ("vm_pub_ip", models.DecimalField(decimal_places=5, default=Decimal("0.66"), max_digits=12)),
                ("disk_size", models.DecimalField(decimal_places=5, default=Decimal("1.02"), max_digits=12)),
                ("obj_size", models.DecimalField(decimal_places=5, default=Decimal("1.2"), max_digits=12)),
                ("obj_base", models.DecimalField(decimal_places=5, default=Decimal("0.06"), max_digits=12)),
                ("prepaid_discount", models.DecimalField(decimal_places=2, default=Decimal("66"), max_digits=5)),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("cpu", models.CharField(max_length=32)),
                ("memory", models.CharField(max_length=32)),
                ("gpu", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RangeRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("owner", models.CharField(blank=True, default="", max_length=100)),
                ("remark", models.CharField(blank=True, default="", max_length=255)),
                ("made_by", models.CharField(max_length=150)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("app_id", models.CharField(max_length=36)),
                ("refund_id", models.CharField(max_length=200)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("state", models.CharField(max_length=16)),
                ("refunded_at", models.DateTimeField()),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="portal.payment"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Server",
            fields=[
                (
                    "owner_type",
                    models.CharField(choices=[("user", "User"), ("group", "Group")], default="user", max_length=8),
                ),
                ("owner_id", models.CharField(max_length=36)),
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "pay_type",
                    models.CharField(
                        choices=[("prepaid", "Prepaid"), ("postpaid", "Postpaid"), ("quota", "Quota")],
                        default="postpaid",
                        max_length=8,
                    ),
                ),
                ("creation_time", models.DateTimeField()),
                ("start_time", models.DateTimeField()),
                ("deleted_time", models.DateTimeField(blank=True, null=True)),
                ("vcpus", models.PositiveIntegerField()),
                ("ram_gib", models.PositiveIntegerField()),
                ("disk_gib", models.PositiveIntegerField(default=0)),
                ("public_ip", models.BooleanField(default=False)),
                ("expiration_time", models.DateTimeField(blank=True, null=True)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="portal.appservice")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "owner_type",
                    models.CharField(choices=[("user", "User"), ("group", "Group")], default="user", max_length=8),
                ),
                ("owner_id", models.CharField(max_length=36)),
                (
                    "id",
                    models.CharField(
                        default=portal.models.terms.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("order_id", models.CharField(max_length=200, unique=True)),
                ("date", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("server", "Server"), ("disk", "Disk"), ("bucket", "Bucket")], max_length=16
                    ),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("original_amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("payable_amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "status",
                    models.CharField(
                        choices=[("unpaid", "Unpaid"), ("paid", "Paid"), ("cancelled", "Cancelled")],
                        default="unpaid",
                        max_length=16,
                    ),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="portal.appservice")),
            ],
            options={
                "ordering": ["date", "order_id"],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("resource_id", models.CharField(max_length=36)),
                ("original_amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("payable_amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="portal.statement"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ServerArchive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pay_type",
                    models.CharField(
                        choices=[("prepaid", "Prepaid"), ("postpaid", "Postpaid"), ("quota", "Quota")],
                        default="postpaid",
                        max_length=8,
                    ),
                ),
                ("start_time", models.DateTimeField()),
                ("end_time", models.DateTimeField()),
                ("vcpus", models.PositiveIntegerField()),
                ("ram_gib", models.PositiveIntegerField()),
                ("disk_gib", models.PositiveIntegerField(default=0)),
                ("public_ip", models.BooleanField(default=False)),
                ("change", models.CharField(choices=[("rebuild", "Rebuild"), ("post2pre", "Post2Pre")], max_length=16)),
                (
                    "server",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive", to="portal.server"
                    ),
                ),
            ],
            options={
                "ordering": ["start_time", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RefundLeg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("source", models.CharField(choices=[("coupon", "Coupon"), ("balance", "Balance")], max_length=16)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "coupon",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="portal.coupon"),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="legs", to="portal.refund"
                    ),
                ),
            ],
            options={
                "ordering": ["refund_id", "position"],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "owner_type",
                    models.CharField(choices=[("user", "User"), ("group", "Group")], default="user", max_length=8),
                ),
                ("owner_id", models.CharField(max_length=36)),
                (
                    "kind",
                    models.CharField(
                        choices=[("server", "Server"), ("disk", "Disk"), ("bucket", "Bucket")], max_length=16
                    ),
                ),
                ("resource_id", models.CharField(max_length=36)),
                ("date", models.DateField()),
                ("original_amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("payable_amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("exact_payable", models.CharField(max_length=80)),
                ("price_list", models.CharField(max_length=32)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="portal.appservice")),
            ],
        ),
        migrations.CreateModel(
            name="PaymentLeg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("source", models.CharField(choices=[("coupon", "Coupon"), ("balance", "Balance")], max_length=16)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("before", models.DecimalField(decimal_places=2, max_digits=14)),
                ("after", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "coupon",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="portal.coupon"),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="legs", to="portal.payment"
                    ),
                ),
            ],
            options={
                "ordering": ["payment_id", "position"],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=63)),
                (
                    "role",
                    models.CharField(
                        choices=[("worker", "Worker"), ("control", "Control")], default="worker", max_length=8
                    ),
                ),
                ("ready", models.BooleanField(default=True)),
                ("labels", models.JSONField(blank=True, default=list)),
                ("free_cpu", models.CharField(max_length=32)),
                ("free_memory", models.CharField(max_length=32)),
                ("free_gpu", models.PositiveIntegerField(default=0)),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="nodes", to="portal.cluster"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddConstraint(
            model_name="ipv4range",
            constraint=models.CheckConstraint(
                check=models.Q(("start__lte", models.F("end"))), name="v4_start_before_end"
            ),
        ),
        migrations.AddField(
            model_name="diskarchive",
            name="disk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="archive", to="portal.disk"
            ),
        ),
        migrations.AddField(
            model_name="disk",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="portal.appservice"),
        ),
        migrations.AddField(
            model_name="coupon",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="portal.appservice"),
        ),
        migrations.AddField(
            model_name="bucket",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="portal.appservice"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("owner_type", "owner_id"), name="one_account"),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.UniqueConstraint(fields=("statement", "resource_id"), name="one_line_a_resource"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["date", "owner_type", "owner_id"], name="statements_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("app_id", "refund_id"), name="one_refund_of_an_id"),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["date", "owner_type", "owner_id"], name="readings_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("kind", "resource_id", "date"), name="one_reading_a_day"),
        ),
        migrations.AddConstraint(
            model_name="paymentleg",
            constraint=models.UniqueConstraint(fields=("payment", "position"), name="one_leg_a_position"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("app_id", "order_id"), name="one_payment_of_an_order"),
        ),
        migrations.AddConstraint(
            model_name="node",
            constraint=models.UniqueConstraint(fields=("cluster", "name"), name="one_node_a_name"),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(fields=["owner_type", "owner_id"], name="coupons_of_owner"),
        ),
    ]
