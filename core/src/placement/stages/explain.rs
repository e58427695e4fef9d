//! Why, in words.

use crate::error::{Language, PlacementError};
use crate::placement::{Action, Explained, Explanation, Hint, QuotaExcess, Refusal, Resource, StockShortage, Why};

impl Explanation {
    /// Whether its counts add up: every node is available or counted once by its first reason, and no reason is given by
    /// more nodes than refuse.
    ///
    /// # Errors
    /// `placement.explanation_not_conserved`, a fault of the library or of what wrote it.
    ///
    /// # Rule
    /// R-A7
    pub fn check(&self) -> Result<(), PlacementError> {
        let refusing = self.first.sum();
        let counted = refusing.saturating_add(self.available);
        let told = self.reasons.iter().fold(0_u64, |sum, reason| sum.saturating_add(reason.nodes));
        let is_within = self.reasons.iter().all(|reason| reason.nodes > 0 && reason.nodes <= refusing);
        if counted == self.nodes && told >= refusing && is_within {
            return Ok(());
        }
        Err(PlacementError::ExplanationNotConserved { nodes: self.nodes, counted })
    }

    /// Why, as the scheduler of Kubernetes says it.
    ///
    /// The reason that most nodes give stands first; of equals, that which is checked first.
    ///
    /// # Errors
    /// `placement.explanation_not_conserved` where its counts do not add up.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{error::Language, placement::*};
    ///
    /// let node = |name: String, milli| {
    ///     let mut node = Node::worker(name);
    ///     node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(milli)));
    ///     node
    /// };
    /// let full = (0..3).map(|index| node(format!("full-{index}"), 100));
    /// let tainted = (0..2).map(|index| {
    ///     let taint = Taint { key: "dedicated".into(), value: "user1".into(), effect: Effect::NoSchedule };
    ///     Node { taints: vec![taint], ..node(format!("user1-{index}"), 8_000) }
    /// });
    /// let snapshot = Snapshot::new(full.chain(tainted), [], Sharing::Named)?;
    /// let product = Product::new("2-core", Request::new([(Resource::Cpu, 2_000)])?);
    /// let why = Centre::new(&snapshot, &Rules::strict()).explain(&product)?;
    ///
    /// let english = "0/5 nodes are available: 3 Insufficient cpu, 2 node(s) had untolerated taint {dedicated: user1}.";
    /// assert_eq!(why.text(Language::English)?, english);
    /// let chinese = "0/5 个节点可用：3 个节点 cpu 不足，2 个节点存在未容忍的污点 {dedicated: user1}。";
    /// assert_eq!(why.text(Language::Chinese)?, chinese);
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A7
    pub fn text(&self, language: Language) -> Result<String, PlacementError> {
        self.check()?;
        let reasons = self.reasons.iter().map(|count| counted(count.nodes, &count.reason, language));
        let (available, nodes) = (self.available, self.nodes);
        let told: Vec<String> = reasons.collect();
        Ok(match (language, told.is_empty()) {
            (Language::Chinese, true) => format!("{available}/{nodes} 个节点可用。"),
            (Language::Chinese, false) => format!("{available}/{nodes} 个节点可用：{}。", told.join("，")),
            (_, true) => format!("{available}/{nodes} nodes are available."),
            (_, false) => format!("{available}/{nodes} nodes are available: {}.", told.join(", ")),
        })
    }
}

impl Why {
    /// What the stage says.
    ///
    /// # Errors
    /// As [`Explanation::text`].
    pub fn text(&self, language: Language) -> Result<String, PlacementError> {
        Ok(match (self, language) {
            (Self::Nodes(explanation), _) => explanation.text(language)?,
            (Self::Stock(short), Language::Chinese) => format!("库存不足：{}。", all(short, language, "，")),
            (Self::Stock(short), _) => format!("out of stock: {}.", all(short, language, ", ")),
            (Self::Quota(over), Language::Chinese) => format!("超出配额：{}。", all(over, language, "，")),
            (Self::Quota(over), _) => format!("over quota: {}.", all(over, language, ", ")),
        })
    }
}

impl Explained {
    /// What the stage that refuses it says, or the nodes where none refuses.
    ///
    /// # Errors
    /// As [`Explanation::text`].
    pub fn text(&self, language: Language) -> Result<String, PlacementError> {
        self.why.text(language)
    }
}

impl Hint {
    /// What to do, as one line.
    pub fn text(&self, language: Language) -> String {
        let action = self.action.text(language);
        match (self.suffices, language) {
            (true, _) => action,
            (false, Language::Chinese) => format!("{action}（仅此仍不够）"),
            (false, _) => format!("{action} (not enough by itself)"),
        }
    }
}

impl Action {
    fn text(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            _ => self.english(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Restock { parts } => format!("add {} to the stock", amounts(parts, ", ")),
            Self::RaiseQuota { parts } => format!("raise the quota by {}", amounts(parts, ", ")),
            Self::AskForLess { node, parts } => {
                let missing = listed(parts, ", ", |less| amount(&less.resource, less.missing));
                let fits = listed(parts, ", ", |less| amount(&less.resource, less.fits));
                format!("short of {missing} on {node}: ask for at most {fits}")
            }
            Self::FreeUp { node, parts } => format!("free {} on {node}", amounts(parts, ", ")),
            Self::ProvideFigures { node, resources } => {
                format!("say how much {} is free on {node}", listed(resources, ", ", ToString::to_string))
            }
            Self::FreeSlot { node } => format!("free a pod slot on {node}"),
            Self::Uncordon { node } => format!("uncordon {node}"),
            Self::Label { node, labels } => {
                format!("label {node} with {}", listed(labels, ", ", |(key, value)| format!("{key}={value}")))
            }
            Self::MatchAffinity { node } => format!("loosen the node affinity/selector, or label {node} to match it"),
            Self::Tolerate { node, taints } => {
                format!("tolerate {} of {node}", listed(taints, ", ", |taint| format!("taint {taint}")))
            }
            Self::MakeReady { node } => format!("make {node} ready"),
            Self::AddWorker => "add a worker node that has all of it".to_owned(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Restock { parts } => format!("补充库存 {}", amounts(parts, "、")),
            Self::RaiseQuota { parts } => format!("提高配额 {}", amounts(parts, "、")),
            Self::AskForLess { node, parts } => {
                let missing = listed(parts, "、", |less| amount(&less.resource, less.missing));
                let fits = listed(parts, "、", |less| amount(&less.resource, less.fits));
                format!("{node} 上缺少 {missing}：最多可请求 {fits}")
            }
            Self::FreeUp { node, parts } => format!("在 {node} 上释放 {}", amounts(parts, "、")),
            Self::ProvideFigures { node, resources } => {
                format!("提供 {node} 上 {} 的剩余量", listed(resources, "、", ToString::to_string))
            }
            Self::FreeSlot { node } => format!("在 {node} 上释放一个 Pod 名额"),
            Self::Uncordon { node } => format!("恢复 {node} 的调度"),
            Self::Label { node, labels } => {
                format!("为 {node} 添加标签 {}", listed(labels, "、", |(key, value)| format!("{key}={value}")))
            }
            Self::MatchAffinity { node } => format!("放宽节点亲和性/选择器，或为 {node} 添加匹配的标签"),
            Self::Tolerate { node, taints } => {
                format!("容忍 {node} 的污点 {}", listed(taints, "、", ToString::to_string))
            }
            Self::MakeReady { node } => format!("使 {node} 恢复就绪"),
            Self::AddWorker => "增加一个满足全部需求的工作节点".to_owned(),
        }
    }
}

/// Something that is told in one phrase.
trait Told {
    fn told(&self, language: Language) -> String;
}

impl Told for StockShortage {
    fn told(&self, language: Language) -> String {
        let resource = &self.resource;
        let (asked, left) = (resource.quantity(self.asked), resource.quantity(self.left));
        match language {
            Language::Chinese => format!("{resource} 请求 {asked}，剩余 {left}"),
            _ => format!("{resource} (asked {asked}, left {left})"),
        }
    }
}

impl Told for QuotaExcess {
    fn told(&self, language: Language) -> String {
        let resource = &self.resource;
        let [asked, used, limit] = [self.asked, self.used, self.limit].map(|amount| resource.quantity(amount));
        match language {
            Language::Chinese => format!("{resource} 请求 {asked}，已用 {used}，上限 {limit}"),
            _ => format!("{resource} (asked {asked}, used {used} of {limit})"),
        }
    }
}

fn all(told: &[impl Told], language: Language, between: &str) -> String {
    listed(told, between, |told| told.told(language))
}

fn listed<T>(values: impl IntoIterator<Item = T>, between: &str, told: impl Fn(T) -> String) -> String {
    values.into_iter().map(told).collect::<Vec<_>>().join(between)
}

fn amounts(parts: &[(Resource, u64)], between: &str) -> String {
    listed(parts, between, |(resource, missing)| amount(resource, *missing))
}

/// So much of what, as `400m cpu`.
fn amount(resource: &Resource, amount: u64) -> String {
    format!("{} {resource}", resource.quantity(amount))
}

/// So many nodes give a reason.
fn counted(nodes: u64, reason: &Refusal, language: Language) -> String {
    match language {
        Language::Chinese => format!("{nodes} 个节点{}", chinese(reason)),
        _ => format!("{nodes} {}", english(reason)),
    }
}

/// The words of Kubernetes, and for what it has none, words of their kind.
fn english(reason: &Refusal) -> String {
    match reason {
        Refusal::NotWorker => "node(s) were not workers".to_owned(),
        Refusal::NotReady => "node(s) were not ready".to_owned(),
        Refusal::Cordoned => "node(s) were unschedulable".to_owned(),
        Refusal::RequiredLabel => "node(s) didn't have the required labels".to_owned(),
        Refusal::AddedAffinity => "node(s) didn't match scheduler-enforced node affinity".to_owned(),
        Refusal::Affinity => "node(s) didn't match Pod's node affinity/selector".to_owned(),
        Refusal::Taint { key, value } => format!("node(s) had untolerated taint {{{key}: {value}}}"),
        Refusal::Unknown { resource } => format!("node(s) had unknown {resource}"),
        Refusal::TooManyPods => "Too many pods".to_owned(),
        Refusal::Insufficient { resource, .. } => format!("Insufficient {resource}"),
    }
}

fn chinese(reason: &Refusal) -> String {
    match reason {
        Refusal::NotWorker => "不是工作节点".to_owned(),
        Refusal::NotReady => "未就绪".to_owned(),
        Refusal::Cordoned => "不可调度".to_owned(),
        Refusal::RequiredLabel => "缺少必需的标签".to_owned(),
        Refusal::AddedAffinity => "不满足调度器强制的节点亲和性".to_owned(),
        Refusal::Affinity => "不满足节点亲和性/选择器".to_owned(),
        Refusal::Taint { key, value } => format!("存在未容忍的污点 {{{key}: {value}}}"),
        Refusal::Unknown { resource } => format!("的 {resource} 未知"),
        Refusal::TooManyPods => " Pod 数量已满".to_owned(),
        Refusal::Insufficient { resource, .. } => format!(" {resource} 不足"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::{
        Effect, Explained, Explanation, FirstReasons, Less, ReasonCount, Resource, Stage, StockShortage, Taint, Why,
    };

    fn reasons() -> Vec<(Refusal, &'static str, &'static str)> {
        let resource = |text: &str| text.parse::<Resource>().unwrap();
        let insufficient = |text: &str| Refusal::Insufficient { resource: resource(text), needed: 2, free: 1 };
        vec![
            (Refusal::NotWorker, "1 node(s) were not workers", "1 个节点不是工作节点"),
            (Refusal::NotReady, "1 node(s) were not ready", "1 个节点未就绪"),
            (Refusal::Cordoned, "1 node(s) were unschedulable", "1 个节点不可调度"),
            (Refusal::RequiredLabel, "1 node(s) didn't have the required labels", "1 个节点缺少必需的标签"),
            (
                Refusal::AddedAffinity,
                "1 node(s) didn't match scheduler-enforced node affinity",
                "1 个节点不满足调度器强制的节点亲和性",
            ),
            (
                Refusal::Affinity,
                "1 node(s) didn't match Pod's node affinity/selector",
                "1 个节点不满足节点亲和性/选择器",
            ),
            (
                Refusal::Taint { key: "node-role.kubernetes.io/control-plane".into(), value: String::new() },
                "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }",
                "1 个节点存在未容忍的污点 {node-role.kubernetes.io/control-plane: }",
            ),
            (
                Refusal::Unknown { resource: resource("disk[SYS]") },
                "1 node(s) had unknown disk[SYS]",
                "1 个节点的 disk[SYS] 未知",
            ),
            (Refusal::TooManyPods, "1 Too many pods", "1 个节点 Pod 数量已满"),
            (insufficient("cpu"), "1 Insufficient cpu", "1 个节点 cpu 不足"),
            (insufficient("gpu[A100-80G]"), "1 Insufficient gpu[A100-80G]", "1 个节点 gpu[A100-80G] 不足"),
        ]
    }

    fn explanation(reasons: impl IntoIterator<Item = (Refusal, u64)>, first: FirstReasons, nodes: u64) -> Explanation {
        let count = |(reason, nodes)| ReasonCount { reason, nodes, shortfall: None, nearest: "n".into() };
        Explanation { nodes, available: 0, reasons: reasons.into_iter().map(count).collect(), first, nearest: None }
    }

    #[test]
    fn every_reason_in_both_languages() {
        for (reason, english, chinese) in reasons() {
            let first = FirstReasons { parts: 1, ..FirstReasons::default() };
            let explanation = explanation([(reason, 1)], first, 1);
            assert_eq!(explanation.text(Language::English).unwrap(), format!("0/1 nodes are available: {english}."));
            assert_eq!(explanation.text(Language::Chinese).unwrap(), format!("0/1 个节点可用：{chinese}。"));
        }
    }

    #[test]
    fn counts_that_do_not_add_up_are_not_told() {
        let parts = |parts| FirstReasons { parts, ..FirstReasons::default() };
        let error = |reasons: &[(Refusal, u64)], first, nodes| {
            explanation(reasons.to_vec(), first, nodes).text(Language::English).unwrap_err()
        };
        let lost = PlacementError::ExplanationNotConserved { nodes: 3, counted: 2 };
        assert_eq!(error(&[(Refusal::TooManyPods, 2)], parts(2), 3), lost); // a node is counted by none
        assert_eq!(error(&[(Refusal::TooManyPods, 1)], parts(2), 2).code(), lost.code()); // or gives no reason
        assert_eq!(error(&[(Refusal::TooManyPods, 3)], parts(2), 2).code(), lost.code()); // or one too many
        let none = (Refusal::NotReady, 0);
        assert_eq!(error(&[(Refusal::TooManyPods, 2), none], parts(2), 2).code(), lost.code());
        assert_eq!(error(&[], parts(u64::MAX), 1).code(), lost.code()); // sums do not wrap
        let wrapped = FirstReasons { parts: u64::MAX, taint: 2, ..FirstReasons::default() };
        assert_eq!(error(&[(Refusal::TooManyPods, 1)], wrapped, 1).code(), lost.code());
    }

    #[test]
    fn every_action_in_both_languages() {
        let resource = |text: &str| text.parse::<Resource>().unwrap();
        let node = || "w1".to_owned();
        let parts = || vec![(resource("cpu"), 400), (resource("disk[SYS]"), 20 << 30)];
        let taint = |key: &str| Taint { key: key.into(), value: "user1".into(), effect: Effect::NoSchedule };
        let less = |text: &str, fits, missing| Less { resource: resource(text), fits, missing };
        let actions = [
            (
                Action::Restock { parts: parts() },
                "add 400m cpu, 20Gi disk[SYS] to the stock",
                "补充库存 400m cpu、20Gi disk[SYS]",
            ),
            (
                Action::RaiseQuota { parts: parts() },
                "raise the quota by 400m cpu, 20Gi disk[SYS]",
                "提高配额 400m cpu、20Gi disk[SYS]",
            ),
            (
                Action::AskForLess { node: node(), parts: vec![less("cpu", 1600, 400), less("gpu[T4]", 1000, 3000)] },
                "short of 400m cpu, 3 gpu[T4] on w1: ask for at most 1600m cpu, 1 gpu[T4]",
                "w1 上缺少 400m cpu、3 gpu[T4]：最多可请求 1600m cpu、1 gpu[T4]",
            ),
            (
                Action::FreeUp { node: node(), parts: parts() },
                "free 400m cpu, 20Gi disk[SYS] on w1",
                "在 w1 上释放 400m cpu、20Gi disk[SYS]",
            ),
            (
                Action::ProvideFigures { node: node(), resources: vec![resource("cpu"), resource("disk[SYS]")] },
                "say how much cpu, disk[SYS] is free on w1",
                "提供 w1 上 cpu、disk[SYS] 的剩余量",
            ),
            (Action::FreeSlot { node: node() }, "free a pod slot on w1", "在 w1 上释放一个 Pod 名额"),
            (Action::Uncordon { node: node() }, "uncordon w1", "恢复 w1 的调度"),
            (
                Action::Label { node: node(), labels: [("a".into(), "1".into()), ("b".into(), "2".into())].into() },
                "label w1 with a=1, b=2",
                "为 w1 添加标签 a=1、b=2",
            ),
            (
                Action::MatchAffinity { node: node() },
                "loosen the node affinity/selector, or label w1 to match it",
                "放宽节点亲和性/选择器，或为 w1 添加匹配的标签",
            ),
            (
                Action::Tolerate { node: node(), taints: vec![taint("a"), taint("b")] },
                "tolerate taint {a: user1}, taint {b: user1} of w1",
                "容忍 w1 的污点 {a: user1}、{b: user1}",
            ),
            (Action::MakeReady { node: node() }, "make w1 ready", "使 w1 恢复就绪"),
            (Action::AddWorker, "add a worker node that has all of it", "增加一个满足全部需求的工作节点"),
        ];
        for (action, english, chinese) in actions {
            let hint = Hint { action, suffices: true };
            assert_eq!(hint.text(Language::English), english);
            assert_eq!(hint.text(Language::Chinese), chinese);
            let hint = Hint { suffices: false, ..hint };
            assert_eq!(hint.text(Language::English), format!("{english} (not enough by itself)"));
            assert_eq!(hint.text(Language::Chinese), format!("{chinese}（仅此仍不够）"));
        }
    }

    #[test]
    fn stock_that_is_over_sold_is_told_below_zero() {
        let short = StockShortage {
            resource: Resource::Memory,
            asked: 1 << 30,
            left: -(1 << 20),
            missing: 0,
            clusters: vec![],
        };
        let explained =
            Explained { id: "p".into(), stage: Some(Stage::Stock), why: Why::Stock(vec![short]), hint: None };
        assert_eq!(explained.text(Language::English).unwrap(), "out of stock: memory (asked 1Gi, left -1Mi).");
        assert_eq!(explained.text(Language::Chinese).unwrap(), "库存不足：memory 请求 1Gi，剩余 -1Mi。");
    }
}
