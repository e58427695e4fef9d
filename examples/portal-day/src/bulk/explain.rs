//! Why one row costs what it costs.

use super::{
    prepare::{Names, Preparer, fault_of},
    source::Source,
    terms::Terms,
};
use crate::run::Ending;
use anyhow::{Result, bail};
use arrow_array::{Array, cast::AsArray};
use counterfoil::error::Language;
use std::io::Write;

/// Reads one row again, and prints the derivation of its amounts, computed again from what is shown.
pub(super) fn print(
    (source, name): (&Source, &str),
    terms: &Terms,
    row: u64,
    language: Language,
    to: &mut impl Write,
) -> Result<Ending> {
    let schema = source.schema();
    let rater = terms.rater(name, &schema)?;
    let Some(raw) = source.row(row)? else {
        eprintln!("portal-day: there is no row {row} in {name}: rows are counted from 0");
        return Ok(Ending::Usage);
    };
    let names = Names::default();
    let batch = Preparer::new(terms, &names, &schema).prepare(raw)?;
    writeln!(to, "row {row} of {name}")?;
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        if column.is_valid(0) {
            writeln!(to, "  {:<16} {}", field.name(), super::csv::cell_text(column, 0)?)?;
        }
    }
    if let Some(fault) = batch.column_by_name("#fault").filter(|fault| fault.is_valid(0)) {
        let (code, message) = fault_of(fault.as_string::<i32>().value(0));
        writeln!(to, "\n{message} ({code})")?;
        return Ok(Ending::LeftOut);
    }
    match rater.explain(&batch, 0) {
        Err(error) => {
            writeln!(to, "\n{} ({})", error.message(language), error.code())?;
            Ok(Ending::LeftOut)
        }
        Ok(None) => {
            writeln!(to, "\n{}", words(language).0)?;
            Ok(Ending::Done)
        }
        Ok(Some(explanation)) => {
            write!(to, "\n{}", explanation.text(language))?;
            let (original, payable) = explanation.recompute()?;
            if (original, payable) != (explanation.original().amount(), explanation.payable().amount()) {
                bail!("the lines come to {original} and {payable}: this is a fault of the library");
            }
            writeln!(to, "{}", words(language).1)?;
            Ok(Ending::Done)
        }
    }
}

/// That it did not live, and that it is the same.
const fn words(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Chinese => ("该资源当日不存在：无计量记录，无需支付", "按以上各行重新计算：结果一致"),
        _ => ("it did not live on that day: no reading, nothing to pay", "computed again from these lines: the same"),
    }
}
