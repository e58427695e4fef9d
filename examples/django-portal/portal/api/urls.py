"""Addresses of the interface."""

from django.urls import path, register_converter

from . import money, network


class Family:
    regex = "ipv4|ipv6"

    def to_python(self, text: str) -> str:
        return text

    def to_url(self, text: str) -> str:
        return text


register_converter(Family, "family")

urlpatterns = [
    path("inquiry", money.InquiryView.as_view()),
    path("funds", money.FundsView.as_view()),
    path("payments", money.PayView.as_view()),
    path("refunds", money.RefundView.as_view()),
    path("statements", money.StatementsView.as_view()),
    path("statements/<str:id>/pay", money.SettleView.as_view()),
    path("<family:family>/merge", network.MergeView.as_view()),
    path("<family:family>/<str:id>/split", network.SplitView.as_view()),
    path("clusters/<str:name>/accommodation", network.AccommodationView.as_view()),
]
