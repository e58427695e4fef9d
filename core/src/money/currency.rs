use crate::error::{MoneyError, excerpt};
use rust_decimal::Decimal;
use std::{fmt, str::FromStr};

/// A currency by its ISO 4217 code.
///
/// A code that ISO does not list is taken too, a portal may count in points; it only has no
/// [`minor_digits`](Self::minor_digits).
///
/// # Examples
/// ```
/// use counterfoil::money::{Currency, CNY};
///
/// let yen: Currency = "JPY".parse()?;
/// assert_eq!((CNY.minor_digits(), yen.minor_digits()), (Some(2), Some(0)));
/// assert_eq!(CNY.sub_unit("角")?.to_string(), "0.1");
/// assert_eq!("cny".parse::<Currency>().unwrap_err().code(), "money.unknown_currency");
/// # Ok::<(), counterfoil::error::MoneyError>(())
/// ```
///
/// # Rule
/// R-M5
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    /// Capital letters of ASCII, and a zero: four bytes are copied and compared as one word.
    code: [u8; 4],
}

/// Renminbi, 元 = 10 角 = 100 分.
pub const CNY: Currency = Currency { code: *b"CNY\0" };

/// Codes of ISO 4217 by their minor digits.
const MINOR_DIGITS: [(u32, &str); 4] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
    (
        2,
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
         CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
         HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR \
         MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK \
         SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD \
         YER ZAR ZMW ZWG",
    ),
];

impl Currency {
    /// The three letters.
    pub fn code(&self) -> &str {
        let [letters @ .., _] = &self.code;
        std::str::from_utf8(letters).unwrap_or_default()
    }

    /// The digits after the point of its smallest coin, where ISO 4217 lists the currency.
    ///
    /// A hint for choosing a [`Rounding`](super::Rounding); nothing here rounds by it.
    pub fn minor_digits(&self) -> Option<u32> {
        let listed = |codes: &str| codes.split(' ').any(|code| code == self.code());
        MINOR_DIGITS.into_iter().find(|(_, codes)| listed(codes)).map(|(digits, _)| digits)
    }

    /// What one of a sub-unit is worth in the currency: 元 = 1, 角 = 0.1, 分 = 0.01 for CNY.
    ///
    /// The code itself is a unit of any currency.
    ///
    /// # Errors
    /// `money.unknown_sub_unit`.
    pub fn sub_unit(&self, name: &str) -> Result<Decimal, MoneyError> {
        match name {
            _ if name == self.code() => Ok(Decimal::ONE),
            "元" | "圆" if *self == CNY => Ok(Decimal::ONE),
            "角" if *self == CNY => Ok(Decimal::new(1, 1)),
            "分" if *self == CNY => Ok(Decimal::new(1, 2)),
            _ => Err(MoneyError::UnknownSubUnit { text: excerpt(name), currency: self.to_string() }),
        }
    }

    /// The error, unless both are the same.
    #[inline]
    pub(crate) fn same_as(self, other: Self) -> Result<(), MoneyError> {
        if self == other { Ok(()) } else { Err(self.mismatch(other)) }
    }

    /// Apart and cold, so that a sum of two amounts is the sum and one comparison.
    #[cold]
    fn mismatch(self, other: Self) -> MoneyError {
        MoneyError::CurrencyMismatch { left: self.to_string(), right: other.to_string() }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok([a, b, c]) if text.bytes().all(|letter| letter.is_ascii_uppercase()) => Ok(Self { code: [a, b, c, 0] }),
            _ => Err(MoneyError::UnknownCurrency { text: excerpt(text) }),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
