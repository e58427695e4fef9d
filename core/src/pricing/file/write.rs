//! Cards written as text: one way for each card, so that two files can be compared line by line.

use crate::{
    metering::Part,
    money::Ratio,
    pricing::{Entry, Every, Limits, RateCard, Tier, ZeroUsage, shape::Form},
    time::{Instant, MonthLength},
};
use rust_decimal::Decimal;

impl RateCard {
    /// Writes the card in TOML, in one way for each card: members in one order, entries by kind, part and
    /// begin of validity, amounts in the currency itself and with their digits. What is written is read
    /// back as the same card, and written again as the same text.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::pricing::RateCard;
    ///
    /// let card = RateCard::from_toml(r#"
    ///     currency = "CNY"
    ///     revision = "2024-02"
    ///     rates = [{ kind = "disk", part = "size", price = "10", sub_unit = "角", per = "Gi", every = "day" }]
    /// "#)?;
    /// assert_eq!(
    ///     card.to_toml(),
    ///     r#"revision = "2024-02"
    /// currency = "CNY"
    ///
    /// [[rates]]
    /// kind = "disk"
    /// part = "size"
    /// price = "1.0"
    /// per = "GiB"
    /// every = "day"
    /// "#
    /// );
    /// # Ok::<(), counterfoil::error::PricingError>(())
    /// ```
    ///
    /// # Rule
    /// R-P1
    pub fn to_toml(&self) -> String {
        let mut text = head(self).iter().map(toml_line).collect::<String>();
        if self.entries().is_empty() {
            text.push_str("rates = []\n");
        }
        for entry in self.entries() {
            text.push_str("\n[[rates]]\n");
            text.extend(members(entry).iter().map(toml_line));
        }
        for (kind, limits) in self.all_limits() {
            text.push_str(&format!("\n[limits.{}]\n", toml_key(kind.as_str())));
            text.extend(of_limits(limits).iter().map(toml_line));
        }
        text
    }

    /// Writes the card in JSON, as [`to_toml`](Self::to_toml) writes it in TOML.
    ///
    /// # Rule
    /// R-P1
    pub fn to_json(&self) -> String {
        let mut parts = head(self).iter().map(|member| format!("  {}", json_member(member))).collect::<Vec<_>>();
        let rates: Vec<String> = self.entries().iter().map(|entry| json_object(&members(entry), "    ")).collect();
        parts.push(match rates.is_empty() {
            true => "  \"rates\": []".to_owned(),
            false => format!("  \"rates\": [\n{}\n  ]", rates.join(",\n")),
        });
        let limits: Vec<String> = self
            .all_limits()
            .map(|(kind, limits)| {
                let members: Vec<String> = of_limits(limits).iter().map(json_member).collect();
                format!("    {}: {{ {} }}", quoted(kind.as_str()), members.join(", ")).replace("{  }", "{}")
            })
            .collect();
        if !limits.is_empty() {
            parts.push(format!("  \"limits\": {{\n{}\n  }}", limits.join(",\n")));
        }
        format!("{{\n{}\n}}\n", parts.join(",\n"))
    }
}

/// A member of a card, and what stands there.
type Member = (&'static str, Value);

enum Value {
    Text(String),
    Tiers(Vec<Vec<Member>>),
}

impl Value {
    fn of(value: impl ToString) -> Self {
        Self::Text(value.to_string())
    }
}

fn head(card: &RateCard) -> Vec<Member> {
    let mut members = vec![("revision", Value::of(card.revision())), ("currency", Value::of(card.currency()))];
    members.extend(validity(card.validity().from, card.validity().to));
    members
}

fn members(entry: &Entry) -> Vec<Member> {
    let rate = &entry.rate;
    let mut members = vec![("kind", Value::of(&entry.kind))];
    // What reads back as this part stands in one member; a name with brackets of its own needs two.
    let in_one = entry.part.to_string();
    if in_one.parse::<Part>().as_ref() == Ok(&entry.part) {
        members.push(("part", Value::Text(in_one)));
    } else {
        members.push(("part", Value::of(&entry.part.dimension)));
        members.push(("model", Value::of(&entry.part.model)));
    }
    members.extend(shape(rate.shape.form()));
    members.push(("per", Value::of(rate.per)));
    members.push(("every", Value::of(rate.every.time_unit().name())));
    if let Every::Month(length) = rate.every {
        members.extend(month(length));
    }
    members.extend((!rate.free.is_zero()).then(|| ("free", amount(rate.free))));
    members.extend(of_limits(Limits { minimum: rate.minimum, maximum: rate.maximum }));
    members.extend((rate.zero == ZeroUsage::Charged).then(|| ("zero_usage", Value::of("charged"))));
    members.extend(validity(entry.from, entry.to));
    members
}

fn shape(form: &Form) -> Vec<Member> {
    let named = |name: &str| ("shape", Value::of(name));
    match form {
        Form::PerUnit { price } => vec![("price", amount(*price))],
        Form::Package { size, price } => {
            vec![named("package"), ("package_size", amount(*size)), ("price", amount(*price))]
        }
        Form::Graduated(of) => vec![named("graduated"), tiers(of.tiers())],
        Form::Volume(of) if of.tiers().iter().all(|tier| tier.price.is_zero()) => {
            vec![named("stair_step"), tiers(of.tiers())]
        }
        Form::Volume(of) => vec![named("volume"), tiers(of.tiers())],
        Form::Percentage(of) => {
            let mut members = vec![named("percentage"), ("percent", amount(percent(of.ratio)))];
            members.extend((!of.fee.is_zero()).then(|| ("event_fee", amount(of.fee))));
            members.extend(of.minimum.map(|minimum| ("event_minimum", amount(minimum))));
            members.extend(of.maximum.map(|maximum| ("event_maximum", amount(maximum))));
            members
        }
    }
}

fn tiers(tiers: &[Tier]) -> Member {
    let row = |tier: &Tier| {
        let mut members: Vec<Member> = tier.up_to.map(|bound| ("up_to", amount(bound))).into_iter().collect();
        // A tier of nothing but a fee has no price; one of neither says that it is free.
        let is_flat = tier.price.is_zero() && !tier.flat.is_zero();
        members.extend((!is_flat).then(|| ("price", amount(tier.price))));
        members.extend((!tier.flat.is_zero()).then(|| ("flat", amount(tier.flat))));
        members
    };
    ("tiers", Value::Tiers(tiers.iter().map(row).collect()))
}

fn month(length: MonthLength) -> Vec<Member> {
    let mut members = vec![("month", Value::of(length.name()))];
    match length {
        MonthLength::Fixed30 => {}
        MonthLength::ToMonthEnd { zone } => members.push(("zone", Value::of(zone))),
        MonthLength::Calendar { anchor, zone } => {
            members.extend([("anchor", Value::of(anchor)), ("zone", Value::of(zone))]);
        }
    }
    members
}

fn of_limits(limits: Limits) -> Vec<Member> {
    let named = [("minimum", limits.minimum), ("maximum", limits.maximum)];
    named.into_iter().filter_map(|(name, limit)| Some((name, amount(limit?)))).collect()
}

fn validity(from: Option<Instant>, to: Option<Instant>) -> Vec<Member> {
    [("from", from), ("to", to)].into_iter().filter_map(|(name, at)| Some((name, Value::of(at?)))).collect()
}

/// With its digits, and zero without a sign.
fn amount(amount: Decimal) -> Value {
    Value::of(if amount.is_zero() { amount.abs() } else { amount })
}

/// So many of a hundred: the point, two digits further.
fn percent(ratio: Ratio) -> Decimal {
    let (mantissa, scale) = (ratio.value().mantissa(), ratio.value().scale());
    let (mantissa, scale) = match scale {
        0 => (mantissa.saturating_mul(100), 0), // 0 or 1
        1 => (mantissa.saturating_mul(10), 0),
        _ => (mantissa, scale.saturating_sub(2)),
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).unwrap_or_default() // a ratio is at most 1, so it fits
}

fn toml_line((name, value): &Member) -> String {
    match value {
        Value::Text(text) => format!("{name} = {}\n", quoted(text)),
        Value::Tiers(rows) => {
            let rows = rows.iter().map(|row| {
                let members: Vec<String> = row.iter().map(|member| toml_line(member).trim_end().to_owned()).collect();
                format!("  {{ {} }},\n", members.join(", "))
            });
            format!("{name} = [\n{}]\n", rows.collect::<String>())
        }
    }
}

/// A key, bare where that is allowed.
fn toml_key(name: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if name.bytes().all(bare) { name.to_owned() } else { quoted(name) }
}

fn json_member((name, value): &Member) -> String {
    match value {
        Value::Text(text) => format!("\"{name}\": {}", quoted(text)),
        Value::Tiers(rows) => {
            let rows = rows.iter().map(|row| {
                let members: Vec<String> = row.iter().map(json_member).collect();
                format!("        {{ {} }}", members.join(", "))
            });
            format!("\"{name}\": [\n{}\n      ]", rows.collect::<Vec<_>>().join(",\n"))
        }
    }
}

fn json_object(members: &[Member], indent: &str) -> String {
    let lines: Vec<String> = members.iter().map(|member| format!("{indent}  {}", json_member(member))).collect();
    format!("{indent}{{\n{}\n{indent}}}", lines.join(",\n"))
}

/// A text in both formats: names have no control characters, so a quote and a backslash are all there is to escape.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
