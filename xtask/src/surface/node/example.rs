//! A call with what it answers, as a reader of the documentation types it: one of the vectors.
//!
//! `bindings-node/test/examples.test.js` runs each of them.

use super::text::{WIDTH, camel, key, quoted};
use crate::surface::{
    cases::{Case, Json},
    example::{chosen, is_nothing},
    layout::members_of,
    model::{Content, Kind, Member, Operation, Shape, Surface, Variant},
    unions,
    written::{Page, Written},
};
use counterfoil::wire::Answer;

/// What stands before each line: the star of a comment.
const BEFORE: usize = 3;
/// How an example stands in a comment.
const PAGE: Page = Page { width: WIDTH - BEFORE, indent: 2 };
/// What stands before each line of an answer.
const ANSWER: &str = "// ";
/// The most lines of an answer that is shown as a whole.
const LONGEST_ANSWER: usize = 8;
/// The most members of a longer one, and the most letters of each.
const MOST_MEMBERS: usize = 6;
const LONGEST_MEMBER: usize = 80;

/// The lines of the example of an operation; none where each would be long, or would tell nothing.
pub(super) fn example(surface: &Surface, operation: &Operation, cases: &[Case]) -> Option<Vec<String>> {
    chosen(cases, |case| {
        let lines = lines(surface, operation, case)?;
        lines.iter().all(|line| line.chars().count() <= PAGE.width && !line.contains("*/")).then_some(lines)
    })
}

fn lines(surface: &Surface, operation: &Operation, case: &Case) -> Option<Vec<String>> {
    let members = members_of(surface, operation).ok()?;
    let arguments =
        Written::Of { open: "{ ".to_owned(), items: passed(surface, members, &case.arguments)?, close: " }" };
    let call = format!("{}.{}(", operation.context, camel(&operation.verb));
    let mut lines = Vec::new();
    match case.arguments.as_slice() {
        [] => lines.push(format!("{call});")),
        _ => arguments.lines(&call, ");", 0, PAGE, &mut lines),
    }
    let page = Page { width: PAGE.width - ANSWER.len(), ..PAGE };
    let laid_out = |answer: &Written| {
        let mut lines = Vec::new();
        answer.lines("=> ", "", 0, page, &mut lines);
        lines
    };
    let whole = answered(surface, &operation.answer, &case.answer)?;
    let mut answer = laid_out(&whole);
    if answer.len() > LONGEST_ANSWER {
        answer = laid_out(&parts(whole, case)?);
    }
    lines.extend(answer.into_iter().map(|line| format!("{ANSWER}{line}")));
    Some(lines)
}

/// The members of a long answer that tell something in a line, and are not what was passed; none where it has no such.
fn parts(answer: Written, case: &Case) -> Option<Written> {
    let Written::Of { open, items, close } = answer else { return None };
    let (tag, members) = match &case.answer {
        Answer::Record { members, .. } => (None, members),
        Answer::Tagged { tag, members, .. } => (Some(*tag), members),
        _ => return None,
    };
    let is_passed = |name: &str| case.arguments.iter().any(|(argument, _)| camel(argument) == name);
    let tells = |name: &str| members.iter().any(|(member, value)| camel(member) == name && !is_nothing(value));
    let is_short = |(before, item): &(String, Written)| {
        let name = before.trim_end_matches(": ");
        let is_telling = Some(name) == tag || tells(name) && !is_passed(name);
        is_telling && item.in_a_line().chars().count() <= LONGEST_MEMBER
    };
    let mut items: Vec<_> = items.into_iter().filter(is_short).take(MOST_MEMBERS).collect();
    if items.is_empty() {
        return None;
    }
    items.push((String::new(), Written::Text("…".to_owned())));
    Some(Written::Of { open, items, close })
}

/// The members of an object that is passed; none where one of them is no member of its type.
fn passed(surface: &Surface, members: &[Member], given: &[(String, Json)]) -> Option<Vec<(String, Written)>> {
    let of = |(name, value): &(String, Json)| {
        let member = members.iter().find(|member| member.name == *name)?;
        Some((format!("{}: ", key(&camel(name))), literal(surface, Some(&member.shape), value)?))
    };
    given.iter().map(of).collect()
}

/// What is passed; by its shape, where its members are known.
fn literal(surface: &Surface, shape: Option<&Shape>, value: &Json) -> Option<Written> {
    let kind = match shape {
        Some(Shape::Optional(of)) => return literal(surface, Some(of), value),
        Some(Shape::Named(id)) => surface.types.get(id).map(|of| &of.kind),
        _ => None,
    };
    Some(Written::Text(match value {
        Json::Null => "null".to_owned(),
        Json::Bool(is) => is.to_string(),
        Json::Number(number) => whole(number)?,
        Json::Text(text) => quoted(text),
        Json::List(items) => {
            let of = match shape {
                Some(Shape::List(of) | Shape::Pair(of)) => Some(&**of),
                _ => None,
            };
            let items =
                items.iter().map(|item| Some((String::new(), literal(surface, of, item)?))).collect::<Option<_>>()?;
            return Some(Written::Of { open: "[".to_owned(), items, close: "]" });
        }
        Json::Object(members) => {
            let items = match kind {
                Some(Kind::Struct(known)) => passed(surface, known, members)?,
                Some(Kind::OneOf(variants)) => passed_variant(surface, variants, members)?,
                _ => {
                    let of = match shape {
                        Some(Shape::Map(of)) => Some(&**of),
                        _ => None,
                    };
                    let entry = |(name, value): &(String, Json)| {
                        Some((format!("{}: ", key(name)), literal(surface, of, value)?))
                    };
                    members.iter().map(entry).collect::<Option<_>>()?
                }
            };
            return Some(object(items));
        }
    }))
}

fn passed_variant(
    surface: &Surface,
    variants: &[Variant],
    members: &[(String, Json)],
) -> Option<Vec<(String, Written)>> {
    let [(name, value)] = members else { return None };
    let value = match (&variants.iter().find(|variant| variant.name == *name)?.content, value) {
        (Content::Of(shape), value) => literal(surface, Some(shape), value)?,
        (Content::Members(known), Json::Object(members)) => object(passed(surface, known, members)?),
        _ => return None,
    };
    Some(vec![("kind: ".to_owned(), Written::Text(quoted(name))), (format!("{}: ", camel(name)), value)])
}

/// What is answered, as the shapes of `lib/codec` read it.
fn answered(surface: &Surface, shape: &Shape, answer: &Answer) -> Option<Written> {
    let kind = match shape {
        Shape::Optional(of) => return answered(surface, of, answer),
        Shape::Named(id) => surface.types.get(id).map(|of| &of.kind),
        _ => None,
    };
    Some(Written::Text(match answer {
        Answer::Null | Answer::Absent => "null".to_owned(),
        Answer::Bool(is) => is.to_string(),
        _ if *shape == Shape::Card => return None,
        Answer::Integer(number) => format!("{number}n"),
        Answer::Natural(number) => format!("{number}n"),
        Answer::Scalar(counterfoil::wire::Scalar::Integer, text) => format!("{text}n"),
        Answer::Scalar(_, text) => quoted(text),
        Answer::Text(text) => match kind {
            Some(Kind::OneOf(variants)) if !variants.iter().all(Variant::is_text) => {
                return Some(object(vec![("kind: ".to_owned(), Written::Text(quoted(text)))]));
            }
            _ => quoted(text),
        },
        Answer::List(items) => {
            let (Shape::List(of) | Shape::Pair(of)) = shape else { return None };
            let items = items.iter().map(|item| Some((String::new(), answered(surface, of, item)?)));
            return Some(Written::Of { open: "[".to_owned(), items: items.collect::<Option<_>>()?, close: "]" });
        }
        Answer::Record { members, .. } => return Some(object(answered_members(surface, shape, members)?)),
        Answer::Tagged { tag, variant, members, .. } => {
            let Some(Kind::Tagged { variants, .. }) = kind else { return None };
            let mut all = vec![(format!("{tag}: "), Written::Text(quoted(variant)))];
            let known = variants.iter().find(|each| each.name == *variant)?.members();
            all.extend(known.iter().map(|member| entry(surface, member, members)).collect::<Option<Vec<_>>>()?);
            return Some(object(all));
        }
        Answer::Map(entries) => {
            let Shape::Map(of) = shape else { return None };
            let entry =
                |(name, value): &(String, Answer)| Some((format!("{}: ", key(name)), answered(surface, of, value)?));
            return Some(object(entries.iter().map(entry).collect::<Option<_>>()?));
        }
        Answer::Variant { variant, value, .. } => {
            let Some(Kind::OneOf(variants)) = kind else { return None };
            let Content::Of(of) = &variants.iter().find(|each| each.name == *variant)?.content else { return None };
            let kind = ("kind: ".to_owned(), Written::Text(quoted(variant)));
            return Some(object(vec![kind, (format!("{}: ", camel(variant)), answered(surface, of, value)?)]));
        }
        _ => return None,
    }))
}

/// The members of a record, and `null` for those that it lacks as one of several.
fn answered_members(
    surface: &Surface,
    shape: &Shape,
    members: &[(&'static str, Answer)],
) -> Option<Vec<(String, Written)>> {
    let Shape::Named(id) = shape else { return None };
    let of = surface.types.get(id)?;
    if let Kind::Struct(known) = &of.kind {
        return known.iter().map(|member| entry(surface, member, members)).collect();
    }
    let records = unions::records(surface, of)?;
    let is_it = |known: &[Member]| {
        let names = members.iter().map(|(name, _)| *name);
        known.iter().map(|member| member.name.as_str()).eq(names)
    };
    let (_, known) = records.iter().find(|(_, known)| is_it(known))?;
    let written = |name: &str| match known.iter().find(|member| member.name == name) {
        Some(member) => entry(surface, member, members),
        None => Some((format!("{}: ", key(&camel(name))), Written::Text("null".to_owned()))),
    };
    unions::names_of(&records).into_iter().map(written).collect()
}

/// A member of an answer by its name.
fn entry(surface: &Surface, member: &Member, members: &[(&'static str, Answer)]) -> Option<(String, Written)> {
    let value = members.iter().find(|(name, _)| *name == member.name).map(|(_, value)| value);
    let value = answered(surface, &member.shape, value.unwrap_or(&Answer::Absent))?;
    Some((format!("{}: ", key(&camel(&member.name))), value))
}

fn object(items: Vec<(String, Written)>) -> Written {
    if items.is_empty() {
        return Written::Text("{}".to_owned());
    }
    Written::Of { open: "{ ".to_owned(), items, close: " }" }
}

/// A whole number as it is written; a large one as a `bigint`.
fn whole(number: &str) -> Option<String> {
    let value: i128 = number.parse().ok()?;
    Some(if value.unsigned_abs() < 1 << 53 { value.to_string() } else { format!("{value}n") })
}
