use crate::funding;
use crate::input::{Answer, Fault, Members, all, choice, money, shape, text};
use counterfoil::{
    money::Money,
    wallet::{
        Books, Charge, Coupon, CouponTerms, Coupons, Fund, Funding, Funds, Leg, Lock, NoticePolicy, Notices, Outcome,
        Owner, OwnerKind, Payment, Plan, Purpose, Redemption, Scope, Source,
    },
};
use serde_json::{Value, json};

pub(crate) fn owner(value: &Value) -> Result<Owner, Fault> {
    let owner = Members::of(value, &["kind", "id"])?;
    Ok(Owner::new(owner.parse::<OwnerKind>("kind")?, owner.text("id")?))
}

pub(crate) fn owner_shown(owner: &Owner) -> Value {
    json!({ "kind": owner.kind().name(), "id": owner.id() })
}

pub(crate) fn money_shown(money: Money) -> String {
    format!("{money:#}")
}

pub(crate) fn coupon(value: &Value) -> Result<Coupon, Fault> {
    let known = [
        "id",
        "face_value",
        "balance",
        "status",
        "effective",
        "expiration",
        "created",
        "owner",
        "unit",
        "scope",
        "category",
    ];
    let row = Members::of(value, &known)?;
    Ok(Coupon::new(CouponTerms {
        id: row.text("id")?.to_owned(),
        face_value: row.money("face_value")?,
        balance: row.money("balance")?,
        status: row.parse("status")?,
        effective: row.parse("effective")?,
        expiration: row.parse("expiration")?,
        created: row.parse("created")?,
        owner: row.optional("owner").map(owner).transpose()?,
        unit: row.optional("unit").map(text).transpose()?.map(str::to_owned),
        scope: match row.value("scope")? {
            Value::String(scope) if scope == "unit" => Scope::Unit,
            scope => match choice(scope)? {
                ("order", order) => Scope::Order(text(order)?.to_owned()),
                _ => return shape(format!("no scope {scope}")),
            },
        },
        category: row.parse("category")?,
    })?)
}

fn coupon_shown(coupon: &Coupon) -> Value {
    let terms = coupon.terms();
    json!({
        "id": terms.id,
        "face_value": money_shown(terms.face_value),
        "balance": money_shown(terms.balance),
        "status": terms.status.name(),
        "effective": terms.effective.to_string(),
        "expiration": terms.expiration.to_string(),
        "created": terms.created.to_string(),
        "owner": terms.owner.as_ref().map(owner_shown),
        "unit": terms.unit,
        "scope": match &terms.scope {
            Scope::Unit => json!("unit"),
            Scope::Order(order) => json!({ "order": order }),
        },
        "category": terms.category.name(),
    })
}

pub(crate) fn charge(input: Members<'_>, key: &str) -> Result<Charge, Fault> {
    let charge = input.members(key, &["application", "order", "unit", "payer", "amount", "coupons", "funding"])?;
    let words = |value: &Value| all(crate::input::list(value)?, |id| Ok(text(id)?.to_owned()));
    Ok(Charge {
        application: charge.text("application")?.to_owned(),
        order: charge.text("order")?.to_owned(),
        unit: charge.text("unit")?.to_owned(),
        payer: owner(charge.value("payer")?)?,
        amount: charge.money("amount")?,
        coupons: match charge.value("coupons")? {
            Value::String(coupons) if coupons == "automatic" => Coupons::Automatic,
            coupons => match choice(coupons)? {
                ("named", ids) => Coupons::Named(words(ids)?),
                _ => return shape(format!("no coupons {coupons}")),
            },
        },
        funding: match charge.value("funding")? {
            Value::String(funding) if funding == "coupons_only" => Funding::CouponsOnly,
            Value::String(funding) if funding == "enough_funds" => Funding::EnoughFunds,
            Value::String(funding) if funding == "debt" => Funding::Debt,
            funding => match choice(funding)? {
                ("order", order) => Funding::Order(text(order)?.parse()?),
                ("overdraft", with) => Funding::Overdraft {
                    limit: Members::of(with, &["limit"])?.optional("limit").map(money).transpose()?,
                },
                _ => return shape(format!("no funding {funding}")),
            },
        },
    })
}

/// What stands among the funds of a call.
pub(crate) struct Held {
    balance: Money,
    debt: Option<Money>,
    coupons: Vec<Coupon>,
    others: Vec<Fund>,
    locks: Vec<Lock>,
}

impl Held {
    pub(crate) fn of(input: Members<'_>) -> Result<Self, Fault> {
        let funds = input.members("funds", &["balance", "debt", "coupons", "others", "locks"])?;
        let some = |key| funds.optional(key).map_or(Ok([].as_slice()), crate::input::list);
        Ok(Self {
            balance: funds.money("balance")?,
            debt: funds.optional("debt").map(money).transpose()?,
            coupons: all(funds.list("coupons")?, coupon)?,
            others: all(some("others")?, funding::fund)?,
            locks: all(some("locks")?, funding::lock)?,
        })
    }

    pub(crate) fn funds(&self) -> Result<Funds<'_>, Fault> {
        let funds = Funds::new(self.balance, &self.coupons)?.with(&self.others)?.with_locks(&self.locks)?;
        Ok(match self.debt {
            Some(debt) => funds.owing(debt)?,
            None => funds,
        })
    }
}

pub(crate) fn source(value: &Value) -> Result<Source<'static>, Fault> {
    let (kind, id) = match value {
        Value::String(kind) => (kind.as_str(), None),
        with_id => choice(with_id).map(|(kind, id)| (kind, Some(id)))?,
    };
    let id = id.map(text).transpose()?.map(str::to_owned);
    kind.parse().and_then(|kind| Source::of(kind, id)).or_else(|_| shape(format!("no source {value}")))
}

pub(crate) fn source_shown(source: &Source<'_>) -> Value {
    match source.id() {
        Some(id) => json!({ source.kind().name(): id }),
        None => json!(source.kind().name()),
    }
}

pub(crate) fn leg(value: &Value) -> Result<Leg<'static>, Fault> {
    let leg = Members::of(value, &["source", "amount", "before"])?;
    Ok(Leg::new(source(leg.value("source")?)?, leg.money("amount")?, leg.money("before")?)?)
}

pub(crate) fn leg_shown(leg: &Leg<'_>) -> Value {
    json!({
        "source": source_shown(leg.source()),
        "amount": money_shown(leg.amount()),
        "before": money_shown(leg.before()),
        "after": money_shown(leg.after()),
    })
}

pub(crate) fn payment(value: &Value) -> Result<Payment, Fault> {
    let payment = Members::of(value, &["charge", "legs"])?;
    let charge = charge(payment, "charge")?;
    let plan = Plan::new(charge.amount, all(payment.list("legs")?, leg)?)?;
    Ok(Payment::new(charge, plan)?)
}

pub(crate) fn plan(input: &Value) -> Answer {
    let input = Members::of(input, &["charge", "unit_application", "earlier", "funds", "now"])?;
    let (charge, now) = (charge(input, "charge")?, input.parse("now")?);
    let earlier = input.optional("earlier").map(payment).transpose()?;
    let held = Held::of(input)?;
    let books = Books {
        unit_application: input.optional("unit_application").map(text).transpose()?,
        earlier: earlier.as_ref(),
        funds: &held.funds()?,
    };
    let outcome = charge.plan(&books, now)?;
    let plan = outcome.plan();
    Ok(json!({
        "outcome": if matches!(outcome, Outcome::New(_)) { "new" } else { "replay" },
        "amount": money_shown(plan.amount()),
        "method": plan.method().name(),
        "from_coupons": money_shown(plan.from_coupons()),
        "from_account": money_shown(plan.from_account()),
        "legs": plan.legs().iter().map(leg_shown).collect::<Vec<_>>(),
    }))
}

/// Hands what is to be paid for to a reader.
pub(crate) fn for_purpose(input: Members<'_>, answer: impl Fn(&Purpose<'_>) -> Answer) -> Answer {
    let purpose = input.members("purpose", &["payer", "unit", "order", "currency"])?;
    let payer = owner(purpose.value("payer")?)?;
    answer(&Purpose {
        payer: &payer,
        unit: purpose.text("unit")?,
        order: purpose.optional("order").map(text).transpose()?,
        currency: purpose.parse("currency")?,
    })
}

pub(crate) fn usable_funds(input: Members<'_>) -> Answer {
    let (held, now) = (Held::of(input)?, input.parse("now")?);
    for_purpose(input, |purpose| Ok(json!({ "usable": money_shown(held.funds()?.usable(purpose, now)?) })))
}

pub(crate) fn has_enough(input: Members<'_>) -> Answer {
    let (needed, held, now) = (input.money("needed")?, Held::of(input)?, input.parse("now")?);
    for_purpose(input, |purpose| Ok(json!({ "enough": held.funds()?.has_enough(needed, purpose, now)? })))
}

pub(crate) fn redeem(input: Members<'_>) -> Answer {
    let (coupon, by) = (coupon(input.value("coupon")?)?, owner(input.value("by")?)?);
    let redemption = Redemption { by, presented: input.text("presented")?, code: input.text("code")? };
    Ok(json!({ "coupon": coupon_shown(&coupon.redeem(redemption)?) }))
}

pub(crate) fn notices(input: Members<'_>) -> Answer {
    let (policy, sent) = (policy(input)?, sent(input)?);
    Ok(notices_shown(policy.due(&coupon(input.value("coupon")?)?, sent, input.parse("now")?)?))
}

pub(crate) fn policy(input: Members<'_>) -> Result<NoticePolicy, Fault> {
    let policy = input.members("policy", &["balance_below", "expires_within_micros"])?;
    Ok(NoticePolicy {
        balance_below: policy.money("balance_below")?,
        expires_within_micros: policy.number("expires_within_micros")?,
    })
}

pub(crate) fn sent(input: Members<'_>) -> Result<Notices, Fault> {
    let sent = input.members("sent", &["low_balance", "expiring"])?;
    Ok(Notices { low_balance: sent.flag("low_balance")?, expiring: sent.flag("expiring")? })
}

pub(crate) fn notices_shown(notices: Notices) -> Value {
    json!({ "low_balance": notices.low_balance, "expiring": notices.expiring })
}
