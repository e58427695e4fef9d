use super::columns::{ChargeColumns, CouponColumns, DeductionTerms, NO_UNIT, PayerColumns, Scale};
use crate::{
    bulk::{check_lengths, check_offsets, check_scale, entry_of, fitted_decimal, list, no_such, place_of},
    error::{BulkError, Error, MoneyError, WalletError},
    exact::decimal,
    money::{Currency, Money},
    time::Instant,
    wallet::{
        Category, Charge, CostBasis, Coupon, CouponStatus, CouponTerms, Coupons, Funds, Plan, Scope, SourceKind,
        choice::Voucher,
        fund::Ranked,
        funding_order::{BY_EXPIRY, compare},
    },
};
use std::ops::Range;

/// The accounts and coupons of many payers: columns that are known to belong together.
///
/// # Examples
/// ```
/// use counterfoil::money::{CNY, bulk::Amounts};
/// use counterfoil::wallet::bulk::{ChargeColumns, CouponColumns, DeductedColumns, DeductionTerms, PayerColumns, Wallets};
/// use counterfoil::wallet::{CouponStatus, Funding, Owner};
///
/// let coupons = CouponColumns {
///     id: &["C1", "C2"],
///     balance: Amounts::Narrow(&[10_00, 5_00]),
///     status: &[CouponStatus::Available; 2],
///     effective: &[1; 2],
///     expiration: &[900, 800],
///     created: &[0; 2],
///     unit: &[0; 2],
///     only_order: None,
/// };
/// let owners = ["zhang", "li"].map(|id| Owner::User(id.into()));
/// let payers = PayerColumns {
///     owner: &owners,
///     balance: Amounts::Narrow(&[3_00, 50_00]),
///     debt: None,
///     coupons: &[0, 2, 2], // both are zhang's
/// };
/// let wallets = Wallets::new(coupons, payers, &["vm"], CNY, 2)?;
/// let charges = ChargeColumns {
///     payer: &[0, 1, 0, 1],
///     unit: &[0; 4],
///     order: &["s1", "s2", "s3", "s4"],
///     amount: Amounts::Narrow(&[12_00, 8_00, 6_01, 60_00]),
///     named: None,
/// };
/// let terms = DeductionTerms {
///     application: "portal".into(),
///     funding: Funding::EnoughFunds,
///     now: counterfoil::time::Instant::from_micros(100)?,
/// };
/// let mut out = DeductedColumns::default();
/// wallets.deduct(&charges, &terms, &mut out)?;
///
/// assert_eq!(out.legs, [0, 2, 3, 3, 3]);
/// assert_eq!(out.leg_amount, [5_00, 7_00, 8_00]); // C2 expires first; of C1 3.00 is left
/// assert_eq!(out.faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [2, 3]);
/// assert_eq!((&out.coupon_left[..], &out.balance_left[..]), (&[3_00, 0][..], &[3_00, 42_00][..]));
/// assert_eq!(wallets.row(&charges, &terms, 2).unwrap_err().code(), "wallet.funds_not_enough");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W6, R-W7
#[derive(Debug, Clone)]
pub struct Wallets<'a> {
    pub(super) coupons: CouponColumns<'a>,
    pub(super) payers: PayerColumns<'a>,
    pub(super) units: &'a [&'a str],
    pub(super) money: Scale,
    /// The coupons, payer by payer, in the order of the automatic choice (R-W3).
    pub(super) in_order: Vec<u32>,
    /// What is wrong with a payer's account or coupons: none of its charges can be paid.
    pub(super) faults: Vec<Option<&'static str>>,
}

impl<'a> Wallets<'a> {
    /// Columns of coupons and payers, and the names of settlement units.
    ///
    /// What is wrong with one payer's rows is a fault of each of its charges: `bulk.unknown_id` for a unit,
    /// `money.too_many_digits` for an amount beyond 28 digits, `time.out_of_range`, `wallet.empty_id`,
    /// `wallet.coupon_balance`, `wallet.coupon_held_twice`, `wallet.negative_debt`.
    ///
    /// # Errors
    /// `bulk.column_length`, `bulk.bad_offsets` where the offsets do not rise from 0 to the number of
    /// coupons, `bulk.bad_scale`; `bulk.unknown_id` for more coupons than 32 bits count.
    ///
    /// # Rule
    /// R-W1, R-W3
    pub fn new(
        coupons: CouponColumns<'a>,
        payers: PayerColumns<'a>,
        units: &'a [&'a str],
        currency: Currency,
        scale: u32,
    ) -> Result<Self, BulkError> {
        let (rows, owners) = (coupons.id.len(), payers.owner.len());
        let of_coupons = [
            ("balance", Some(coupons.balance.len())),
            ("status", Some(coupons.status.len())),
            ("effective", Some(coupons.effective.len())),
            ("expiration", Some(coupons.expiration.len())),
            ("created", Some(coupons.created.len())),
            ("unit", Some(coupons.unit.len())),
            ("only_order", coupons.only_order.map(<[_]>::len)),
        ];
        check_lengths(rows, of_coupons)?;
        let of_payers =
            [("payer balance", Some(payers.balance.len())), ("payer debt", payers.debt.map(|debt| debt.len()))];
        check_lengths(owners, of_payers)?;
        check_lists(payers.coupons, rows, owners)?;
        check_scale("amount", scale)?;
        let last = u32::try_from(rows).ok().filter(|last| *last < u32::MAX);
        let last = last.ok_or(BulkError::UnknownId { column: "coupon", id: u32::MAX, known: rows })?;
        let money = Scale { currency, scale };
        let mut all = Self { coupons, payers, units, money, in_order: (0..last).collect(), faults: Vec::new() };
        let mut in_order = std::mem::take(&mut all.in_order);
        for payer in 0..owners {
            let theirs = in_order.get_mut(all.places(payer)).unwrap_or_default();
            let fault = all.settle(payer, theirs).err().map(|error| error.code());
            all.faults.push(fault);
        }
        all.in_order = in_order;
        Ok(all)
    }

    /// How many payers there are.
    pub const fn payers(&self) -> usize {
        self.payers.owner.len()
    }

    /// What one charge takes by the single call, after those of its payer that stand before it; and so
    /// what its fault is in full.
    ///
    /// It goes through all charges before it: it is for a row that is looked at, not for many.
    ///
    /// # Errors
    /// `bulk.unknown_id` for a charge, payer, unit or coupon that is not there; as [`new`](Self::new)
    /// of the payer's rows; as [`Charge::deduct`].
    ///
    /// # Rule
    /// R-W6
    pub fn row(&self, charges: &ChargeColumns<'_>, terms: &DeductionTerms, row: usize) -> Result<Plan<'static>, Error> {
        let no_row = || no_such("row", row, charges.payer.len());
        let id = charges.payer.get(row).copied().ok_or_else(no_row)?;
        let payer = self.payer(id)?;
        let mut coupons = self.places(payer).map(|place| self.coupon(payer, place)).collect::<Result<Vec<_>, _>>()?;
        let mut balance = self.money(self.payers.balance.at(payer))?;
        let mut debt = self.money(self.payers.debt.map_or(0, |debt| debt.at(payer)))?;
        Funds::new(balance, &coupons)?.owing(debt)?;
        for (earlier, _) in charges.payer.iter().take(row).enumerate().filter(|(_, other)| **other == id) {
            let funds = Funds::new(balance, &coupons)?.owing(debt)?;
            let Ok(plan) = self.paid(charges, terms, earlier, payer, &funds) else { continue };
            for leg in plan.legs() {
                match leg.source().kind() {
                    SourceKind::Balance => balance = leg.after(),
                    SourceKind::Debt => debt = leg.after(),
                    _ => {
                        let found = coupons.iter_mut().find(|coupon| Some(coupon.id()) == leg.source().id());
                        if let Some(coupon) = found {
                            *coupon = Coupon::new(CouponTerms { balance: leg.after(), ..coupon.terms().clone() })?;
                        }
                    }
                }
            }
        }
        self.paid(charges, terms, row, payer, &Funds::new(balance, &coupons)?.owing(debt)?)
    }

    /// What a charge takes from the funds of its payer, by the single call.
    fn paid(
        &self,
        charges: &ChargeColumns<'_>,
        terms: &DeductionTerms,
        row: usize,
        payer: usize,
        funds: &Funds<'_>,
    ) -> Result<Plan<'static>, Error> {
        let unit = self.unit(charges.unit.get(row).copied().unwrap_or(NO_UNIT))?;
        let coupons = match charges.names(row) {
            None => Coupons::Automatic,
            Some(places) => {
                let names = places.iter().map(|id| self.name(*id).map(str::to_owned));
                Coupons::Named(names.collect::<Result<_, _>>()?)
            }
        };
        let owner = self.payers.owner.get(payer);
        let charge = Charge {
            application: terms.application.clone(),
            order: charges.order.get(row).copied().unwrap_or_default().to_owned(),
            unit: unit.to_owned(),
            payer: owner.cloned().ok_or_else(|| no_such("payer", payer, self.payers()))?,
            amount: self.money(charges.amount.at(row))?,
            coupons,
            funding: terms.funding.clone(),
        };
        Ok(charge.deduct(funds, terms.now)?.into_owned())
    }

    /// The place of a payer.
    #[inline]
    pub(super) fn payer(&self, id: u32) -> Result<usize, BulkError> {
        place_of("payer", id, self.payers())
    }

    /// The name of a unit.
    #[inline]
    pub(super) fn unit(&self, id: u32) -> Result<&'a str, BulkError> {
        entry_of("unit", id, self.units).copied()
    }

    /// The id of a coupon.
    pub(super) fn name(&self, id: u32) -> Result<&'a str, BulkError> {
        entry_of("coupon", id, self.coupons.id).copied()
    }

    /// The places of a payer's coupons.
    #[inline]
    pub(super) fn places(&self, payer: usize) -> Range<usize> {
        list(self.payers.coupons, payer).unwrap_or_default()
    }

    /// An amount of the batch.
    #[inline]
    pub(super) fn money(&self, value: i128) -> Result<Money, MoneyError> {
        let Scale { currency, scale } = self.money;
        Ok(Money::new(fitted_decimal(value, scale)?, currency))
    }

    /// Puts a payer's coupons in order, and says what is wrong with its rows.
    fn settle(&self, payer: usize, theirs: &mut [u32]) -> Result<(), Error> {
        for place in self.places(payer) {
            if !self.is_sound(place) {
                self.coupon(payer, place)?;
            }
        }
        theirs.sort_unstable_by_key(|id| self.name(*id).unwrap_or_default());
        let twice = theirs.windows(2).find_map(|pair| match pair {
            [a, b] => self.name(*a).ok().filter(|name| self.name(*b).ok() == Some(name)),
            _ => None,
        });
        let balance = self.money(self.payers.balance.at(payer))?;
        let debt = self.money(self.payers.debt.map_or(0, |debt| debt.at(payer)))?;
        if let Some(coupon) = twice {
            return Err(WalletError::CouponHeldTwice { coupon: coupon.to_owned() }.into());
        }
        Funds::new(balance, &[])?.owing(debt)?;
        let view = |id: &u32| CouponAt { of: self, place: usize::try_from(*id).unwrap_or_default(), left: None };
        theirs.sort_unstable_by(|a, b| compare(&BY_EXPIRY, &view(a), &view(b)));
        Ok(())
    }

    /// Whether [`coupon`](Self::coupon) finds nothing wrong; it is only cheaper.
    fn is_sound(&self, place: usize) -> bool {
        let is_instant = |column: &[i64]| column.get(place).is_some_and(|micros| Instant::from_micros(*micros).is_ok());
        let unit = self.coupons.unit.get(place).copied().unwrap_or(NO_UNIT);
        let balance = self.coupons.balance.at(place);
        decimal::from_parts(balance, self.money.scale).is_some()
            && balance >= 0
            && is_instant(self.coupons.effective)
            && is_instant(self.coupons.expiration)
            && is_instant(self.coupons.created)
            && self.coupons.id.get(place).is_some_and(|id| !id.is_empty())
            && (unit == NO_UNIT || self.unit(unit).is_ok_and(|unit| !unit.is_empty()))
    }

    /// A coupon of a payer as a single call takes it.
    fn coupon(&self, payer: usize, place: usize) -> Result<Coupon, Error> {
        let at = |column: &[i64]| Instant::from_micros(column.get(place).copied().unwrap_or(i64::MAX));
        let balance = self.money(self.coupons.balance.at(place))?;
        let unit = match self.coupons.unit.get(place).copied().unwrap_or(NO_UNIT) {
            NO_UNIT => None,
            id => Some(self.unit(id)?.to_owned()),
        };
        let view = CouponAt { of: self, place, left: None };
        Ok(Coupon::new(CouponTerms {
            id: Voucher::id(&view).to_owned(),
            face_value: balance,
            balance,
            status: Voucher::status(&view),
            effective: at(self.coupons.effective)?,
            expiration: at(self.coupons.expiration)?,
            created: at(self.coupons.created)?,
            owner: self.payers.owner.get(payer).cloned(),
            unit,
            scope: view.only_order().map_or(Scope::Unit, |order| Scope::Order(order.to_owned())),
            category: Category::Server,
        })?)
    }
}

/// A row of coupons that are sound.
#[derive(Clone, Copy)]
pub(super) struct CouponAt<'w, 'a> {
    pub(super) of: &'w Wallets<'a>,
    pub(super) place: usize,
    /// What each coupon still holds; without, what it held at first.
    pub(super) left: Option<&'w [i128]>,
}

impl CouponAt<'_, '_> {
    /// What it holds, at the scale of the batch.
    #[inline]
    fn value(&self) -> i128 {
        match self.left {
            Some(left) => left.get(self.place).copied().unwrap_or_default(),
            None => self.of.coupons.balance.at(self.place),
        }
    }

    #[inline]
    fn instant(&self, column: &[i64]) -> Instant {
        // Those of sound coupons are in range.
        column.get(self.place).and_then(|micros| Instant::from_micros(*micros).ok()).unwrap_or(Instant::MAX)
    }

    /// Whether it is for that settlement unit; two places may have one name.
    #[inline]
    pub(super) fn is_of_unit(&self, unit: u32) -> bool {
        match self.of.coupons.unit.get(self.place) {
            None | Some(&NO_UNIT) => false,
            Some(id) => *id == unit || matches!((self.of.unit(*id), self.of.unit(unit)), (Ok(a), Ok(b)) if a == b),
        }
    }
}

impl Voucher for CouponAt<'_, '_> {
    fn id(&self) -> &str {
        self.of.coupons.id.get(self.place).copied().unwrap_or_default()
    }
    #[inline]
    fn status(&self) -> CouponStatus {
        self.of.coupons.status.get(self.place).copied().unwrap_or(CouponStatus::Deleted)
    }
    #[inline]
    fn balance(&self) -> Money {
        // A sound coupon's balance fits, and it only falls.
        self.of.money(self.value()).unwrap_or_else(|_| Money::zero(self.of.money.currency))
    }
    #[inline]
    fn currency(&self) -> Currency {
        self.of.money.currency
    }
    #[inline]
    fn is_empty(&self) -> bool {
        self.value() == 0
    }
    #[inline]
    fn effective(&self) -> Instant {
        self.instant(self.of.coupons.effective)
    }
    #[inline]
    fn expiration(&self) -> Instant {
        self.instant(self.of.coupons.expiration)
    }
    #[inline]
    fn only_order(&self) -> Option<&str> {
        self.of.coupons.only_order.and_then(|orders| orders.get(self.place).copied().flatten())
    }
}

impl Ranked for CouponAt<'_, '_> {
    fn priority(&self) -> Option<u32> {
        None
    }
    fn effective(&self) -> Option<Instant> {
        Some(Voucher::effective(self))
    }
    fn expiration(&self) -> Option<Instant> {
        Some(Voucher::expiration(self))
    }
    fn created(&self) -> Instant {
        self.instant(self.of.coupons.created)
    }
    fn is_scoped(&self) -> bool {
        self.only_order().is_some()
    }
    fn basis(&self) -> CostBasis {
        CostBasis::Free
    }
    fn balance(&self) -> Money {
        Voucher::balance(self)
    }
    fn id(&self) -> &str {
        Voucher::id(self)
    }
}

impl<'a> ChargeColumns<'a> {
    /// The coupons that a charge names, if it names any.
    #[inline]
    pub(super) fn names(&self, row: usize) -> Option<&'a [u32]> {
        let named = self.named?;
        if named.present.is_some_and(|present| present.get(row) != Some(&true)) {
            return None;
        }
        named.coupons.get(list(named.offsets, row)?)
    }

    /// Whether the columns belong together.
    pub(super) fn check(&self) -> Result<(), BulkError> {
        let rows = self.payer.len();
        let present = self.named.and_then(|named| named.present);
        let columns = [
            ("unit", Some(self.unit.len())),
            ("order", Some(self.order.len())),
            ("amount", Some(self.amount.len())),
            ("present", present.map(<[_]>::len)),
        ];
        check_lengths(rows, columns)?;
        self.named.map_or(Ok(()), |named| check_lists(named.offsets, named.coupons.len(), rows))
    }
}

/// Offsets that cut so many places into so many lists.
fn check_lists(offsets: &[usize], places: usize, lists: usize) -> Result<(), BulkError> {
    check_lengths(lists.saturating_add(1), [("offsets", Some(offsets.len()))])?;
    check_offsets(offsets, places)?;
    Ok(())
}
