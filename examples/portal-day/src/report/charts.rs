//! The charts of the report, as SVG that stands in the page itself; its style sheet scales them.
//!
//! Here alone amounts become binary floats: a pixel is no cent.

use crate::summary::{Summary, Sums};
use anyhow::{Result, anyhow};
use counterfoil::money::Money;
use plotters::{
    coord::{
        Shift,
        ranged1d::{IntoSegmentedCoord, SegmentValue},
    },
    prelude::{ChartBuilder, DrawingArea, IntoDrawingArea, RGBColor, Rectangle, SVGBackend},
    style::{Color, IntoFont, TextStyle},
};
use rust_decimal::prelude::ToPrimitive;

/// What coupons paid, what balances had, what they did not have, and what costs before anything is free.
pub(crate) const COUPON: RGBColor = RGBColor(0x2a, 0x9d, 0x8f);
pub(crate) const BALANCE: RGBColor = RGBColor(0x3d, 0x6f, 0xb6);
pub(crate) const ARREARS: RGBColor = RGBColor(0xe0, 0x6c, 0x4f);
const ORIGINAL: RGBColor = RGBColor(0xc9, 0xd3, 0xe0);
const INK: RGBColor = RGBColor(0x33, 0x3f, 0x50);
const GRID: RGBColor = RGBColor(0xe4, 0xe9, 0xf0);

/// How many owners are drawn.
const OWNERS: usize = 15;

/// Pieces of bars, one upon another, with a colour each.
struct Bar {
    label: String,
    pieces: Vec<(f64, RGBColor)>,
}

/// Bars that stand, for days, or lie, for names.
#[derive(Clone, Copy)]
enum Direction {
    Up,
    Right,
}

/// The charts of a report.
pub(crate) struct Charts {
    /// By day: who paid.
    pub(crate) days: String,
    /// By kind, or by service unit where there is but one kind: what is payable, and what is free.
    pub(crate) kinds: String,
    /// By owner: who paid, for those who pay the most.
    pub(crate) owners: String,
}

impl Charts {
    /// Draws them.
    pub(crate) fn of(summary: &Summary) -> Result<Self> {
        let days = summary.by_day.iter().map(|(day, sums)| Bar::who_paid(day.format("%d %b").to_string(), sums));
        // A single kind says nothing: then it is by what is paid for it.
        let kinds: Vec<Bar> = if summary.by_kind.len() > 1 {
            summary.by_kind.iter().map(|(kind, sums)| Bar::what_is_free(kind.to_string(), sums)).collect()
        } else {
            summary.by_unit.iter().map(|(unit, sums)| Bar::what_is_free(unit.to_string(), sums)).collect()
        };
        let owners = summary.owners_by_payable().into_iter().take(OWNERS);
        let owners = owners.map(|(owner, sums)| Bar::who_paid(owner.to_string(), sums));
        Ok(Self {
            days: draw(&days.collect::<Vec<_>>(), Direction::Up, (960, 300))?,
            kinds: draw(&kinds, Direction::Right, (470, 420))?,
            owners: draw(&owners.collect::<Vec<_>>(), Direction::Right, (470, 420))?,
        })
    }
}

impl Bar {
    fn who_paid(label: String, sums: &Sums) -> Self {
        let had = minus(sums.balance, sums.arrears);
        let pieces = vec![(number(sums.coupon), COUPON), (had, BALANCE), (number(sums.arrears), ARREARS)];
        Self { label, pieces }
    }

    fn what_is_free(label: String, sums: &Sums) -> Self {
        let free = minus(sums.original, sums.payable);
        Self { label, pieces: vec![(number(sums.payable), BALANCE), (free, ORIGINAL)] }
    }

    fn length(&self) -> f64 {
        self.pieces.iter().map(|(length, _)| length).sum()
    }
}

fn draw(bars: &[Bar], direction: Direction, (width, height): (u32, u32)) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        let longest = bars.iter().map(Bar::length).fold(1.0, f64::max) * 1.05;
        let drawn = match direction {
            Direction::Up => standing(&area, bars, longest),
            Direction::Right => lying(&area, bars, longest),
        };
        drawn.and_then(|()| area.present()).map_err(|error| anyhow!("a chart can not be drawn: {error}"))?;
    }
    Ok(svg)
}

type Drawn = Result<(), plotters::drawing::DrawingAreaErrorKind<std::io::Error>>;

fn standing(area: &DrawingArea<SVGBackend<'_>, Shift>, bars: &[Bar], longest: f64) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .x_label_area_size(26)
        .y_label_area_size(64)
        .build_cartesian_2d(places(bars).into_segmented(), 0.0..longest)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(GRID.mix(0.0))
        .bold_line_style(GRID)
        .axis_style(GRID)
        .label_style(label())
        .x_labels(bars.len().min(14))
        .y_labels(6)
        .x_label_formatter(&|place| name_at(bars, place))
        .y_label_formatter(&|value| super::grouped(&format!("{value:.0}")))
        .draw()?;
    for (index, bar) in bars.iter().enumerate() {
        let mut from = 0.0;
        for (length, color) in &bar.pieces {
            let corners = [(SegmentValue::Exact(index), from), (SegmentValue::Exact(index + 1), from + length)];
            let mut piece = Rectangle::new(corners, color.filled());
            let gap = gap(880, bars.len());
            piece.set_margin(0, 0, gap, gap);
            chart.draw_series([piece])?;
            from += length;
        }
    }
    Ok(())
}

fn lying(area: &DrawingArea<SVGBackend<'_>, Shift>, bars: &[Bar], longest: f64) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .x_label_area_size(26)
        .y_label_area_size(118)
        .build_cartesian_2d(0.0..longest, places(bars).into_segmented())?;
    // The first bar is the uppermost one.
    let from_below = |index: usize| bars.len().saturating_sub(index + 1);
    let reversed = |place: &SegmentValue<usize>| match place {
        SegmentValue::CenterOf(index) => name_at(bars, &SegmentValue::CenterOf(from_below(*index))),
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(GRID.mix(0.0))
        .bold_line_style(GRID)
        .axis_style(GRID)
        .label_style(label())
        .x_labels(5)
        .y_labels(bars.len())
        .x_label_formatter(&|value| super::grouped(&format!("{value:.0}")))
        .y_label_formatter(&reversed)
        .draw()?;
    for (index, bar) in bars.iter().enumerate() {
        let (place, mut from) = (from_below(index), 0.0);
        for (length, color) in &bar.pieces {
            let corners = [(from, SegmentValue::Exact(place)), (from + length, SegmentValue::Exact(place + 1))];
            let mut piece = Rectangle::new(corners, color.filled());
            let gap = gap(300, bars.len());
            piece.set_margin(gap, gap, 0, 0);
            chart.draw_series([piece])?;
            from += length;
        }
    }
    Ok(())
}

/// A place for each bar; the end of such a range is a place too.
fn places(bars: &[Bar]) -> std::ops::Range<usize> {
    0..bars.len().saturating_sub(1)
}

/// What is left empty at each side of a bar.
fn gap(pixels: usize, bars: usize) -> u32 {
    u32::try_from(pixels / bars.max(1) / 6).unwrap_or(0).min(60)
}

fn name_at(bars: &[Bar], place: &SegmentValue<usize>) -> String {
    match place {
        SegmentValue::CenterOf(index) => bars.get(*index).map(|bar| bar.label.clone()).unwrap_or_default(),
        _ => String::new(),
    }
}

fn label() -> TextStyle<'static> {
    TextStyle::from(("sans-serif", 13).into_font()).color(&INK)
}

/// How long a bar of an amount is; nothing for less than nothing.
fn number(money: Money) -> f64 {
    money.amount().to_f64().unwrap_or(0.0).max(0.0)
}

fn minus(more: Money, less: Money) -> f64 {
    more.minus(less).map_or(0.0, number)
}
