use crate::input::{Answer, Fault, Members, shape};
use counterfoil::{
    error::PlacementError,
    placement::{Allotment, ByPart, Pool, PortalQuota, QuotaPart},
};
use serde_json::{Map, Value, json};

const PARTS: [&str; 5] = ["vcpu", "ram", "disk", "public_ip", "private_ip"];

pub(crate) fn deduct(input: Members<'_>) -> Answer {
    after(input, PortalQuota::deduct)
}

pub(crate) fn release(input: Members<'_>) -> Answer {
    after(input, PortalQuota::release)
}

type Change = fn(&PortalQuota, Pool, &ByPart<u64>) -> Result<PortalQuota, PlacementError>;

fn after(input: Members<'_>, change: Change) -> Answer {
    let known = input.members("quota", &["private", "shared"])?;
    let quota = PortalQuota { private: pool(known, "private")?, shared: pool(known, "shared")? };
    let input_amounts = input.members("amounts", &PARTS)?;
    let mut amounts = ByPart::default();
    for part in QuotaPart::ALL {
        *amounts.of_mut(part) = input_amounts.optional(part.name()).map_or(Ok(0), unsigned)?;
    }
    let after = change(&quota, input.parse("pool")?, &amounts)?;
    Ok(json!({ "private": shown(&after.private), "shared": shown(&after.shared) }))
}

fn pool(input: Members<'_>, key: &str) -> Result<ByPart<Allotment>, Fault> {
    let input = input.members(key, &PARTS)?;
    let mut pool = ByPart::default();
    for part in QuotaPart::ALL {
        let allotment = input.members(part.name(), &["total", "used"])?;
        let (total, used) = (unsigned(allotment.value("total")?)?, unsigned(allotment.value("used")?)?);
        *pool.of_mut(part) = Allotment::new(total, used)?;
    }
    Ok(pool)
}

/// A count of 64 bits, which may be more than the library takes.
pub(super) fn unsigned(value: &Value) -> Result<u64, Fault> {
    value.as_u64().map_or_else(|| shape(format!("{value} is no count")), Ok)
}

fn shown(pool: &ByPart<Allotment>) -> Value {
    let part = |part: QuotaPart| {
        let allotment = pool.of(part);
        let shown = json!({ "total": allotment.total(), "used": allotment.used(), "free": allotment.free() });
        (part.name().to_owned(), shown)
    };
    QuotaPart::ALL.map(part).into_iter().collect::<Map<_, _>>().into()
}
