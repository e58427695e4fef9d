use super::{Machine, OrderEvent, OrderStatus};
use crate::{
    error::OrderError,
    time::{Instant, MICROS_PER_SECOND},
};

/// The time in which an order may be paid: from its creation, so many seconds.
///
/// It is half-open, as periods are: at the instant when the time is over, it is over.
///
/// # Examples
/// ```
/// use counterfoil::order::{OrderStatus, PaymentWindow};
///
/// let window = PaymentWindow::new("2025-03-14T10:00:00Z".parse()?, 3600)?;
/// let status = |now: &str| Ok::<_, counterfoil::error::OrderError>(window.status(OrderStatus::Unpaid, now.parse()?));
/// assert_eq!(status("2025-03-14T10:59:59.999999Z")?, OrderStatus::Unpaid);
/// assert_eq!(status("2025-03-14T11:00:00Z")?, OrderStatus::Cancelled);
/// # Ok::<(), counterfoil::error::OrderError>(())
/// ```
///
/// # Rule
/// R-O1
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentWindow {
    created: Instant,
    until: Instant,
}

impl PaymentWindow {
    /// The window of an order that was created at an instant.
    ///
    /// # Units
    /// Seconds.
    ///
    /// # Errors
    /// `order.no_time_to_pay` for 0 seconds; `time.out_of_range`.
    pub fn new(created: Instant, length_s: u32) -> Result<Self, OrderError> {
        if length_s == 0 {
            return Err(OrderError::NoTimeToPay {});
        }
        let micros = i64::from(length_s).saturating_mul(MICROS_PER_SECOND); // 2^32 × 10^6 fits
        Ok(Self { created, until: created.plus_micros(micros)? })
    }

    /// When the order was created.
    pub const fn created(self) -> Instant {
        self.created
    }

    /// The instant from which it can not be paid any more.
    pub const fn until(self) -> Instant {
        self.until
    }

    /// Whether the time is over.
    pub fn is_over(self, now: Instant) -> bool {
        now >= self.until
    }

    /// What an order of a status is at an instant: an unpaid one whose time is over is cancelled, any
    /// other is what it was.
    pub fn status(self, status: OrderStatus, now: Instant) -> OrderStatus {
        if status == OrderStatus::Unpaid && self.is_over(now) {
            return status.after(OrderEvent::TimeOut).unwrap_or(status); // the table has that row
        }
        status
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unpaid_order_times_out() {
        let window = PaymentWindow::new("2025-03-14T10:00:00Z".parse().unwrap(), 1).unwrap();
        for &status in OrderStatus::ALL {
            let after = window.status(status, window.until());
            assert_eq!(after == status, status != OrderStatus::Unpaid);
            assert_eq!(window.status(status, window.created()), status);
        }
        assert_eq!(PaymentWindow::new(Instant::MIN, 0).unwrap_err().code(), "order.no_time_to_pay");
        assert_eq!(PaymentWindow::new(Instant::MAX, 1).unwrap_err().code(), "time.out_of_range");
    }
}
