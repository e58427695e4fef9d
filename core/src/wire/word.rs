//! Closed sets of the core, as the words that answers say.

use crate::{
    ipam::{Family, Purpose, RowAction, RowStatus, SupernetState},
    metering::ChargeMode,
    order::{DunningAction, ExpiryState, ItemStatus, OrderEvent, OrderKind, OrderState, OrderStatus, TradingStatus},
    placement::{Effect, Format, Stage},
    pricing::{
        ChangeOfRate, RateMember,
        change::Basis,
        discount::{RowMode, Source},
    },
    statement::{BillSign, BillType, InvoiceState, StatementStatus, focus::FocusRule},
    wallet::{Category, CouponStatus, LockState, Method, OwnerKind, RefundState, SortKey, SourceKind},
};
use serde::{Serialize, Serializer};

/// One of a closed set, as its word.
pub(super) struct Word<T>(pub(super) T);

impl<T: Closed> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

/// A closed set whose members have a word each.
pub(super) trait Closed: Copy + 'static {
    const ALL: &'static [Self];

    fn word(self) -> &'static str;
}

/// Lists what each set has: without one that it has, this does not compile. What no answer says stands behind a bar.
macro_rules! closed {
    ($($set:ident { $($member:ident)* $(| $unsaid:ident)? })*) => {
        $(impl Closed for $set {
            const ALL: &'static [Self] = &[$(Self::$member),*];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$member)|* $(| Self::$unsaid)? => self.name(),
                }
            }
        })*

        /// The words of a closed set that answers say, by the name of its type; none of another.
        ///
        /// ```
        /// assert_eq!(counterfoil::wire::words("OwnerKind"), Some(vec!["user", "group"]));
        /// assert_eq!(counterfoil::wire::words("Owner"), None);
        /// ```
        pub fn words(set: &str) -> Option<Vec<&'static str>> {
            match set {
                $(stringify!($set) => Some(<$set as Closed>::ALL.iter().map(|member| member.word()).collect()),)*
                _ => None,
            }
        }
    };
}
closed! {
    Basis { Use NotStarted EarlyEnough }
    BillSign { Charge Refund Either }
    BillType {
        New Renew Change UnsubscribeRefund Usage AutoRenew AdjustCompensation Hourly UnsubscribeFee SupportMonthEnd
        AdjustDeduct MinimumGuarantee MonthlyPayment ChangeRefund SavingsPlan PeriodToOnDemandRefund TruncationTopUp
        YearlyPayment
    }
    Category { Server Other }
    ChangeOfRate { Same Other Added Removed Missing }
    ChargeMode { PostPaid PrePaid Quota }
    CouponStatus { Wait Available Cancelled Deleted }
    DunningAction { Nothing Wait Renew Warn End }
    Effect { NoSchedule NoExecute PreferNoSchedule }
    ExpiryState { Active Warned Expired Frozen Released }
    Family { Ipv4 Ipv6 | Toy }
    FocusRule {
        Columns Form NotNull Null NotBlank WholeSeconds Period PurchaseFrequency NotNegative Product MatchesBilledCost
        OneParent InvoiceSum InvoiceKnown
    }
    Format { BinarySI DecimalSI DecimalExponent }
    InvoiceState { Requested Issued Rejected Cancelled Voided }
    ItemStatus { Pending Delivered Undelivered }
    LockState { Authorised Captured Voided Expired }
    Method { Coupon Balance Mixed }
    OrderEvent { Pay Cancel TimeOut StartRefund RefundNone RefundPart RefundWhole }
    OrderKind { New Renew Refund Upgrade Downgrade Resize Compensation Transfer ToPrePaid ToPostPaid Extend }
    OrderState {
        AwaitingPayment AwaitingConfirmation Creating Created Failed Expired Refunding Refunded RefundFailed Cancelled
    }
    OrderStatus { Unpaid Paid Refunding Refund PartRefund Cancelled }
    OwnerKind { User Group }
    Purpose { Wanted Rest }
    RateMember { Shape Per Every Free Limits ZeroUsage Validity }
    RefundState { Wait Success Error Closed }
    RowAction { Add Reserve Assign Recover Split Merge Change Delete }
    RowMode { Discount FloorPrice Commission }
    RowStatus { Wait Reserved Assigned }
    SortKey { Priority Expiry Scoped Free Smaller Larger Effective Created Id }
    Source { CustomerPrice CustomerDiscount ClassDiscount Agreement Reseller Unified Voucher }
    SourceKind { Coupon CashCoupon StoredCard Bonus Balance Credit Debt }
    Stage { Stock Quota Label Taint Dynamic }
    StatementStatus { Unpaid Paid Cancelled }
    SupernetState { OutOfStock InStock Split }
    TradingStatus { Opening Completed Undelivered PartDeliver Closed }
}
