use super::coupon::{PackedCoupon, PackedOwner};
use crate::border::{
    Result,
    text::{amount, money, packed, unpacked},
    time::instant,
};
use counterfoil::{
    error::{WalletError, WireError},
    money::Money,
    wallet::{self, Charge, Coupon, Coupons, Funding, Funds, Leg, Owner, Purpose},
};
use napi::{Either, bindgen_prelude::External};
use napi_derive::napi;
use serde::{Deserialize, Serialize};

/// What a payer has: the balance of an account, what is owed, and coupons.
#[derive(PartialEq)]
pub(crate) struct Wallet {
    payer: Owner,
    balance: Money,
    debt: Money,
    coupons: Vec<Coupon>,
}

impl Wallet {
    fn funds(&self) -> std::result::Result<Funds<'_>, WalletError> {
        Funds::new(self.balance, &self.coupons)?.owing(self.debt)
    }

    fn funding(&self, funding: &str, limit: Option<&str>) -> Result<Funding> {
        let limit = limit.map(|limit| amount(limit, self.balance.currency())).transpose()?;
        let fault = "only an overdraft has one".to_owned();
        Ok(match (funding, limit) {
            ("overdraft", limit) => Funding::Overdraft { limit },
            (_, Some(_)) => return Err(WireError::BadInput { at: "limit".to_owned(), fault }.into()),
            ("coupons_only", None) => Funding::CouponsOnly,
            ("enough_funds", None) => Funding::EnoughFunds,
            ("debt", None) => Funding::Debt,
            (order, None) => Funding::Order(order.parse()?),
        })
    }
}

/// The members of a wallet.
#[derive(Deserialize, Serialize)]
struct PackedWallet {
    payer: PackedOwner,
    balance: String,
    debt: Option<String>,
    coupons: Vec<PackedCoupon>,
}

/// A wallet, from JSON of its members.
#[napi(catch_unwind)]
pub(crate) fn wallet(members: String) -> Result<External<Wallet>> {
    let packed: PackedWallet = unpacked(&members)?;
    let balance = money(&packed.balance)?;
    let coupons = packed.coupons.into_iter().map(PackedCoupon::read).collect::<Result<Vec<_>>>()?;
    let debt = packed.debt.map_or(Ok(Money::zero(balance.currency())), |debt| money(&debt))?;
    let wallet = Wallet { payer: packed.payer.read()?, balance, debt, coupons };
    wallet.funds()?;
    Ok(External::new(wallet))
}

/// The same JSON of a wallet.
#[napi(catch_unwind)]
pub(crate) fn wallet_told(wallet: &External<Wallet>) -> Result<String> {
    packed(PackedWallet {
        payer: PackedOwner::of(&wallet.payer),
        balance: format!("{:#}", wallet.balance),
        debt: Some(format!("{:#}", wallet.debt)),
        coupons: wallet.coupons.iter().map(PackedCoupon::of).collect(),
    })
}

/// A charge: its amount, application, order, unit, how it is funded, which coupons, and the limit of an overdraft.
#[derive(Deserialize)]
struct PackedCharge(String, String, String, String, String, Option<Vec<String>>, Option<String>);

/// What a source pays: the kind of the source, which one, how much, what it held before unless that is as much, and
/// after.
#[derive(Serialize)]
struct PackedLeg<'a>(&'static str, Option<&'a str>, String, Option<String>, String);

impl<'a> PackedLeg<'a> {
    fn of(leg: &'a Leg<'_>) -> Self {
        let [amount, before, after] = [leg.amount(), leg.before(), leg.after()].map(Money::amount);
        let is_all = (amount.mantissa(), amount.scale()) == (before.mantissa(), before.scale());
        let before = (!is_all).then(|| before.to_string());
        Self(leg.source().kind().name(), leg.source().id(), amount.to_string(), before, after.to_string())
    }
}

/// What to take from what for a charge: JSON of the amount, what coupons pay, what the account pays, the method, the
/// currency, and the legs.
#[napi(catch_unwind)]
pub(crate) fn wallet_plan(wallet: &External<Wallet>, charge: String, at: Either<f64, String>) -> Result<String> {
    let PackedCharge(charged, application, order, unit, funding, coupons, limit) = unpacked(&charge)?;
    let charge = Charge {
        application,
        order,
        unit,
        payer: wallet.payer.clone(),
        amount: amount(&charged, wallet.balance.currency())?,
        coupons: coupons.map_or(Coupons::Automatic, Coupons::Named),
        funding: wallet.funding(&funding, limit.as_deref())?,
    };
    let funds = wallet.funds()?;
    let plan: wallet::Plan<'_> = charge.deduct(&funds, instant(&at)?)?;
    let [paid, by_coupons, by_account] =
        [plan.amount(), plan.from_coupons(), plan.from_account()].map(|of| of.amount().to_string());
    let legs: Vec<_> = plan.legs().iter().map(PackedLeg::of).collect();
    packed((paid, by_coupons, by_account, plan.method().name(), plan.amount().currency().to_string(), legs))
}

/// What could be paid of a unit at an instant, from coupons and the balance.
#[napi(catch_unwind)]
pub(crate) fn wallet_usable(
    wallet: &External<Wallet>,
    unit: String,
    order: Option<String>,
    at: Either<f64, String>,
) -> Result<String> {
    let currency = wallet.balance.currency();
    let purpose = Purpose { payer: &wallet.payer, unit: &unit, order: order.as_deref(), currency };
    Ok(format!("{:#}", wallet.funds()?.usable(&purpose, instant(&at)?)?))
}

/// Whether two wallets are equal.
#[napi(catch_unwind)]
pub(crate) fn wallet_equals(wallet: &External<Wallet>, other: &External<Wallet>) -> bool {
    wallet.as_ref() == other.as_ref()
}
