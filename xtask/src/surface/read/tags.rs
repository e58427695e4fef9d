//! What a tag may be: `wire::Answer` knows it by its name and place.

use crate::surface::model::{Id, Kind, Shape, Surface, Type, Variant};
use anyhow::{Result, bail};
use counterfoil::wire::Answer;

/// # Errors
/// Where an answer would take a record for one of several, or the other way round, and where an input is tagged.
pub(super) fn check(surface: &Surface) -> Result<()> {
    for operation in &surface.operations {
        let mut taken = Vec::new();
        surface.reach(&operation.input, &mut taken);
        for (id, of) in known(surface, &taken) {
            if let Kind::Tagged { .. } = of.kind {
                bail!("`{}::{}` is tagged in an input, which no language writes", id.module, id.name);
            }
        }
        let mut given = Vec::new();
        surface.reached(&operation.answer, &mut given);
        for (id, of) in known(surface, &given) {
            check_answered(surface, id, of)?;
        }
    }
    Ok(())
}

fn check_answered(surface: &Surface, id: &Id, of: &Type) -> Result<()> {
    let is_tag = |name: &String| Answer::TAGS.contains(&name.as_str());
    match &of.kind {
        Kind::Tagged { tag, .. } if !is_tag(tag) => {
            bail!("`{tag}` of `{}::{}` is none of `Answer::TAGS`", id.module, id.name)
        }
        Kind::Struct(members) => match members.first() {
            Some(first) if is_tag(&first.name) && is_text(surface, &first.shape) => {
                bail!("`{}` of `{}::{}` is the tag of an enum: write one", first.name, id.module, id.name)
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn is_text(surface: &Surface, shape: &Shape) -> bool {
    match shape {
        Shape::Text => true,
        Shape::Optional(of) => is_text(surface, of),
        Shape::Named(id) => match surface.types.get(id).map(|of| &of.kind) {
            Some(Kind::OneOf(variants)) => variants.iter().any(Variant::is_text),
            _ => false,
        },
        _ => false,
    }
}

fn known<'s>(surface: &'s Surface, ids: &[&'s Id]) -> Vec<(&'s Id, &'s Type)> {
    ids.iter().filter_map(|id| Some((*id, surface.types.get(id)?))).collect()
}
