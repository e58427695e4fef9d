//! What the operations take and answer with, apart from any language.

use std::collections::BTreeMap;

/// All operations, and the types that they name.
#[derive(Debug)]
pub(super) struct Surface {
    pub(super) operations: Vec<Operation>,
    pub(super) types: BTreeMap<Id, Type>,
}

/// A type by the module of the wire in which it stands, and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id {
    /// As `wire::ipam::text`.
    pub(super) module: String,
    pub(super) name: String,
}

#[derive(Debug)]
pub(super) struct Operation {
    /// As `pricing`.
    pub(super) context: String,
    pub(super) verb: String,
    pub(super) rule: String,
    pub(super) about: String,
    pub(super) input: Id,
    pub(super) answer: Shape,
}

/// A type that the source of the wire declares.
#[derive(Debug)]
pub(super) struct Type {
    /// As the wire names it: without `Out`, or renamed.
    pub(super) name: String,
    pub(super) about: String,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Struct(Vec<Member>),
    /// Each is a text, or an object of one member.
    OneOf(Vec<Variant>),
    /// An object in which a member says which it is, beside the members of that one.
    Tagged {
        tag: String,
        variants: Vec<Variant>,
    },
    /// Whatever one of them is.
    AnyOf(Vec<Shape>),
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) shape: Shape,
    /// Whether it may be left out.
    pub(super) optional: bool,
}

#[derive(Debug)]
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// The name alone.
    Nothing,
    Of(Shape),
    /// Members of its own.
    Members(Vec<Member>),
}

/// What stands in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    Bool,
    Integer,
    Text,
    /// A text that is read as a value, or shows one: `Decimal`, `ClockTime`.
    Scalar(Scalar),
    Named(Id),
    /// An object of the form of card files, which `docs/rate-card.schema.json` describes.
    Card,
    List(Box<Shape>),
    Pair(Box<Shape>),
    Map(Box<Shape>),
    /// Or null.
    Optional(Box<Shape>),
}

/// The scalars of `counterfoil::wire`.
pub(super) use counterfoil::wire::Scalar;

impl Shape {
    /// The types that it names itself.
    pub(super) fn named<'a>(&'a self, visit: &mut impl FnMut(&'a Id)) {
        match self {
            Self::Named(id) => visit(id),
            Self::List(of) | Self::Pair(of) | Self::Map(of) | Self::Optional(of) => of.named(visit),
            Self::Bool | Self::Integer | Self::Text | Self::Scalar(_) | Self::Card => {}
        }
    }
}

impl Type {
    /// The types that it names itself.
    pub(super) fn named<'a>(&'a self, visit: &mut impl FnMut(&'a Id)) {
        match &self.kind {
            Kind::Struct(members) => members.iter().for_each(|member| member.shape.named(visit)),
            Kind::AnyOf(shapes) => shapes.iter().for_each(|shape| shape.named(visit)),
            Kind::OneOf(variants) | Kind::Tagged { variants, .. } => {
                for variant in variants {
                    match &variant.content {
                        Content::Nothing => {}
                        Content::Of(shape) => shape.named(visit),
                        Content::Members(members) => members.iter().for_each(|member| member.shape.named(visit)),
                    }
                }
            }
        }
    }
}

impl Variant {
    /// Whether it comes alone.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.content, Content::Nothing)
    }

    /// The members of its own.
    pub(super) fn members(&self) -> &[Member] {
        match &self.content {
            Content::Members(members) => members,
            Content::Nothing | Content::Of(_) => &[],
        }
    }
}

impl Surface {
    /// The types that are reached from one, itself among them, what is named before what names it.
    pub(super) fn reached<'a>(&'a self, shape: &'a Shape, into: &mut Vec<&'a Id>) {
        shape.named(&mut |id| self.reach(id, into));
    }

    pub(super) fn reach<'a>(&'a self, id: &'a Id, into: &mut Vec<&'a Id>) {
        if into.contains(&id) {
            return;
        }
        // No type of the wire holds itself: JSON of any depth is none of its inputs.
        if let Some(of) = self.types.get(id) {
            of.named(&mut |named| self.reach(named, into));
        }
        if !into.contains(&id) {
            into.push(id);
        }
    }
}
