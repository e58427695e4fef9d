use super::{super::check_not_below_zero, Effect};
use crate::{
    error::{PricingError, excerpt},
    exact::Exact,
    money::{Derivation, Known, Ratio, Rounded, Rounding, Term},
};
use rust_decimal::Decimal;
use std::{fmt, str::FromStr};

/// What a product row of a reseller says of its price.
///
/// # Examples
/// ```
/// use counterfoil::pricing::discount::{ResellerMode, RowMode};
///
/// let floor = ResellerMode::from_row("底价".parse()?, None, Some("50".parse().unwrap()))?;
/// assert_eq!(floor, ResellerMode::FloorPrice("50".parse().unwrap()));
/// // a discount has a ratio, and no price
/// let error = ResellerMode::from_row(RowMode::Discount, None, None).unwrap_err();
/// assert_eq!(error.code(), "pricing.reseller_row_lacks");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResellerMode {
    /// 折扣: the reseller pays a share of the list.
    Discount(Ratio),
    /// 底价: the reseller pays this, and sells for no less.
    FloorPrice(Decimal),
    /// 回佣: the customer pays, and the reseller gets a share of it by the protocol between them.
    Commission,
}

/// The mode of a row, without its numbers. Text is `discount`, `floor_price` or `commission`, or
/// 折扣, 底价 or 回佣.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowMode {
    /// A ratio, no price.
    Discount,
    /// A price, no ratio.
    FloorPrice,
    /// Neither.
    Commission,
}

/// What is sold by a reseller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// What it costs by the list.
    pub list: Exact,
    /// What it is sold at; the list where it is left out.
    pub sold_at: Option<Exact>,
    /// The share of the protocol between reseller and provider; a commission needs it, the other
    /// modes do not look at it.
    pub commission_rate: Option<Ratio>,
}

/// Who pays what for a sale: rounded, with its derivation.
///
/// What the customer pays is what the reseller passes on and what the reseller keeps: it adds up to
/// the last digit, because the margin is the difference of what is paid.
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    customer_pays: Rounded,
    reseller_pays: Option<Rounded>,
    margin: Option<Rounded>,
    commission: Option<Rounded>,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("settlement", "sale of a reseller", "经销结算");
const LIST: Term = Term::new("list", "list price", "目录价");
const SOLD_AT: Term = Term::new("sold_at", "sold at", "售价");
const RATIO: Term = Term::new("ratio", "ratio", "折扣率");
const FLOOR: Term = Term::new("floor", "floor price", "底价");
const RATE: Term = Term::new("commission_rate", "commission rate", "佣金率");
const SHARE: Term = Term::new("share", "list × ratio", "折后价");
const EARNED: Term = Term::new("earned", "exact commission", "精确佣金");
const CUSTOMER_PAYS: Term = Term::new("customer_pays", "customer pays", "客户支付");
const RESELLER_PAYS: Term = Term::new("reseller_pays", "reseller pays", "经销商支付");
const MARGIN: Term = Term::new("margin", "margin", "差价");
const COMMISSION: Term = Term::new("commission", "commission", "佣金");

impl ResellerMode {
    /// The mode of a product row: a discount has a ratio and no price, a floor price a price and no
    /// ratio, a commission neither.
    ///
    /// # Errors
    /// `pricing.reseller_row_lacks` and `pricing.reseller_row_excess`, with the column;
    /// `money.ratio_out_of_range`; `pricing.below_zero`.
    ///
    /// # Rule
    /// R-P6
    pub fn from_row(mode: RowMode, ratio: Option<Decimal>, price: Option<Decimal>) -> Result<Self, PricingError> {
        let lacks = |column| PricingError::ResellerRowLacks { mode: mode.name(), column };
        let excess = |column| PricingError::ResellerRowExcess { mode: mode.name(), column };
        match (mode, ratio, price) {
            (RowMode::Discount, Some(ratio), None) => Ok(Self::Discount(Ratio::new(ratio)?)),
            (RowMode::Discount, None, _) => Err(lacks("ratio")),
            (RowMode::Discount, Some(_), Some(_)) => Err(excess("price")),
            (RowMode::FloorPrice, None, Some(price)) => {
                check_not_below_zero("floor price", &Exact::from(price))?;
                Ok(Self::FloorPrice(price))
            }
            (RowMode::FloorPrice, _, None) => Err(lacks("price")),
            (RowMode::FloorPrice, Some(_), Some(_)) => Err(excess("ratio")),
            (RowMode::Commission, None, None) => Ok(Self::Commission),
            (RowMode::Commission, Some(_), _) => Err(excess("ratio")),
            (RowMode::Commission, None, Some(_)) => Err(excess("price")),
        }
    }

    /// The mode without its numbers.
    pub const fn row(self) -> RowMode {
        match self {
            Self::Discount(_) => RowMode::Discount,
            Self::FloorPrice(_) => RowMode::FloorPrice,
            Self::Commission => RowMode::Commission,
        }
    }

    /// Who pays what for a sale.
    ///
    /// | mode | reseller pays | margin | commission |
    /// |---|---|---|---|
    /// | discount | list × ratio | customer pays − reseller pays, shown also below zero | |
    /// | floor price | the floor | customer pays − reseller pays; selling below the floor is refused | |
    /// | commission | | | customer pays × the rate of the protocol |
    ///
    /// # Rounding
    /// What each side pays and the commission, once each, from their exact values.
    ///
    /// # Errors
    /// In this order: `pricing.below_zero` of the list, the sale and the floor;
    /// `pricing.below_floor`; `pricing.no_commission_rate`; `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::Rounding;
    /// use counterfoil::pricing::discount::{ResellerMode, Sale};
    ///
    /// let sale = Sale { list: "64.08".parse()?, sold_at: Some("60".parse()?), commission_rate: None };
    /// let settled = ResellerMode::FloorPrice("50".parse().unwrap()).settle(&sale, Rounding::PORTAL)?;
    /// assert_eq!(settled.reseller_pays().unwrap().to_string(), "50.00");
    /// assert_eq!(settled.margin().unwrap().to_string(), "10.00");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P6
    pub fn settle(self, sale: &Sale, rounding: Rounding) -> Result<Settlement, PricingError> {
        let mut derivation = Derivation::new("R-P6", ABOUT);
        check_not_below_zero("list price", &sale.list)?;
        let list = derivation.given(LIST, sale.list.clone());
        let sold_at = match &sale.sold_at {
            Some(sold_at) => {
                check_not_below_zero("selling price", sold_at)?;
                derivation.given(SOLD_AT, sold_at.clone())
            }
            None => list.clone(),
        };
        let cost = match self {
            Self::Discount(ratio) => {
                let ratio = derivation.given(RATIO, ratio.exact());
                Some(derivation.product(SHARE, &[&list, &ratio])?)
            }
            Self::FloorPrice(floor) => Some(self.floor(floor, &sold_at, &mut derivation)?),
            Self::Commission => None,
        };
        let (paid, customer_pays) = derivation.round(CUSTOMER_PAYS, &sold_at, rounding)?;
        match (cost, sale.commission_rate) {
            (Some(cost), _) => {
                let (passed_on, reseller_pays) = derivation.round(RESELLER_PAYS, &cost, rounding)?;
                let margin = derivation.difference(MARGIN, &paid, &[&passed_on])?;
                let margin = rounding.round(margin.value().clone())?; // loses nothing: it is a multiple of the step
                Ok(Settlement {
                    customer_pays,
                    reseller_pays: Some(reseller_pays),
                    margin: Some(margin),
                    commission: None,
                    derivation,
                })
            }
            (None, Some(rate)) => {
                let rate = derivation.given(RATE, rate.exact());
                let earned = derivation.product(EARNED, &[&sold_at, &rate])?;
                let (_, commission) = derivation.round(COMMISSION, &earned, rounding)?;
                Ok(Settlement {
                    customer_pays,
                    reseller_pays: None,
                    margin: None,
                    commission: Some(commission),
                    derivation,
                })
            }
            (None, None) => Err(PricingError::NoCommissionRate {}),
        }
    }

    fn floor(self, floor: Decimal, sold_at: &Known, derivation: &mut Derivation) -> Result<Known, PricingError> {
        let exact = Exact::from(floor);
        check_not_below_zero("floor price", &exact)?;
        if *sold_at.value() < exact {
            return Err(PricingError::BelowFloor { sold_at: sold_at.value().to_string(), floor });
        }
        Ok(derivation.given(FLOOR, exact))
    }
}

impl From<ResellerMode> for Effect {
    /// What the mode does in a list of rules: a ratio, a price for each unit, or nothing.
    fn from(mode: ResellerMode) -> Self {
        match mode {
            ResellerMode::Discount(ratio) => Self::Ratio(ratio),
            ResellerMode::FloorPrice(price) => Self::Price(price),
            ResellerMode::Commission => Self::Nothing,
        }
    }
}

impl RowMode {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Discount, "discount", "折扣"),
        (Self::FloorPrice, "floor_price", "底价"),
        (Self::Commission, "commission", "回佣"),
    ];

    /// The name, as `floor_price`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discount => "discount",
            Self::FloorPrice => "floor_price",
            Self::Commission => "commission",
        }
    }
}

impl FromStr for RowMode {
    type Err = PricingError;

    fn from_str(text: &str) -> Result<Self, PricingError> {
        let named = Self::ALL.into_iter().find(|(_, english, chinese)| text == *english || text == *chinese);
        named.map(|(mode, ..)| mode).ok_or_else(|| PricingError::UnknownResellerMode { text: excerpt(text) })
    }
}

impl fmt::Display for RowMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Settlement {
    /// What the customer pays.
    pub const fn customer_pays(&self) -> &Rounded {
        &self.customer_pays
    }

    /// What the reseller pays; none for a commission.
    pub const fn reseller_pays(&self) -> Option<&Rounded> {
        self.reseller_pays.as_ref()
    }

    /// What the reseller keeps of what the customer pays; below zero where a discount is sold for
    /// less than it costs, and none for a commission.
    pub const fn margin(&self) -> Option<&Rounded> {
        self.margin.as_ref()
    }

    /// What the reseller is paid back; none where there is a margin instead.
    pub const fn commission(&self) -> Option<&Rounded> {
        self.commission.as_ref()
    }

    /// All of it, step by step.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}
