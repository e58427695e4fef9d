//! An operation as a function.

use super::{
    Python, example,
    names::safe,
    text::{in_docstring, indented, quoted},
    types::or_none,
};
use crate::surface::{
    layout::members_of,
    model::{Member, Operation},
    read::capital,
};
use anyhow::Result;
use std::fmt::Write as _;

impl Python<'_> {
    pub(super) fn function(&self, operation: &Operation) -> Result<String> {
        let Operation { context, verb, rule, about, answer, .. } = operation;
        let members = members_of(self.layout.surface, operation)?;
        let (required, optional): (Vec<_>, Vec<_>) = members.iter().partition(|member| !member.optional);
        let mut text = format!("\n\ndef {}(", safe(verb));
        if !members.is_empty() {
            text.push_str("\n    *,\n");
        }
        for member in required {
            let _ = writeln!(text, "    {}: {},", safe(&member.name), self.taken(&member.shape));
        }
        for member in optional {
            let _ = writeln!(text, "    {}: {} = None,", safe(&member.name), or_none(self.taken(&member.shape)));
        }
        let given = self.given(answer);
        let _ = writeln!(text, ") -> {given}:");
        let mut doc = format!("{}.", capital(about));
        let told: Vec<&Member> = members.iter().filter(|member| !member.about.is_empty()).collect();
        if !told.is_empty() {
            doc.push('\n');
        }
        for member in told {
            let _ = write!(doc, "\n- ``{}``: {}", safe(&member.name), member.about);
        }
        let mut doc = in_docstring(&doc);
        let cases = self.cases.get(&format!("{context}.{verb}")).map_or(&[][..], Vec::as_slice);
        if let Some(lines) = example::example(context, verb, cases) {
            let _ = write!(doc, "\n\n{}", lines.join("\n").replace('\\', r"\\"));
        }
        let _ = writeln!(text, "    \"\"\"{}\n    \"\"\"", indented(&format!("{doc}\n\nRule: {rule}")).trim());
        if members.is_empty() {
            let _ = writeln!(text, "    answer: {given} = _native.call(\"{context}.{verb}\", {{}})");
        } else {
            let _ = writeln!(text, "    answer: {given} = _native.call(\n        \"{context}.{verb}\",\n        {{");
            for member in members {
                let _ = writeln!(text, "            {}: {},", quoted(&member.name), safe(&member.name));
            }
            text.push_str("        },\n    )\n");
        }
        text.push_str("    return answer\n");
        Ok(text)
    }
}
