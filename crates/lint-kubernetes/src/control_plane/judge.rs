//! What rules ask of a component.

use careen_rule::{Finding, Sink};
use careen_text::Span;

use super::flags::is_true;
use super::{Component, Item};

impl Component<'_> {
    /// Reports what is wrong with a setting: the component, then `what`.
    pub(crate) fn report<'s>(
        &self,
        out: &'s mut Sink<'_>,
        span: Span,
        flag: &'static str,
        what: &str,
    ) -> &'s mut Finding {
        let finding = out.report(span, format!("{self} {what}"));
        finding.field(self.setting(flag).to_string())
    }

    /// Where to point, if a setting that takes a value has none.
    pub(crate) fn lacks(&self, name: &str) -> Option<Span> {
        match self.flag(name) {
            Some(flag) => flag.text().is_some_and(str::is_empty).then_some(flag.span),
            None => self.complete.then_some(self.span),
        }
    }

    /// Where to point, if the setting is on, whether it is set or that is the default.
    pub(crate) fn is_on(&self, name: &str, default: bool) -> Option<Span> {
        self.is_switched(name, default, true)
    }

    /// Where to point, if the setting is off, whether it is set or that is the default.
    pub(crate) fn is_off(&self, name: &str, default: bool) -> Option<Span> {
        self.is_switched(name, default, false)
    }

    fn is_switched(&self, name: &str, default: bool, wanted: bool) -> Option<Span> {
        match self.flag(name) {
            Some(flag) => (flag.switch()? == wanted).then_some(flag.span),
            None => (self.complete && default == wanted).then_some(self.span),
        }
    }

    /// Where to point, if an address that is all addresses by default is not of the loopback
    /// interface.
    pub(crate) fn listens_widely(&self, name: &str) -> Option<Span> {
        let Some(flag) = self.flag(name) else { return self.lacks(name) };
        flag.text().is_some_and(|address| !is_loopback(address)).then_some(flag.span)
    }

    /// A number and where it is set.
    pub(crate) fn number(&self, name: &str) -> Option<(i64, Span)> {
        let flag = self.flag(name)?;
        Some((flag.text()?.trim().parse().ok()?, flag.span))
    }

    /// Whether a list is set and all of it is known.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let mut flags = self.flags(name).peekable();
        flags.peek().is_some() && flags.all(|flag| flag.text().is_some())
    }

    /// The items of a list, over all times it is given.
    pub(crate) fn list<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Item<'s>> {
        self.flags(name).flat_map(|flag| {
            let text = flag.text().unwrap_or_default();
            let exact = flag.value_span.range().len() == text.len();
            let mut start = flag.value_span.start;
            text.split(',').filter_map(move |item| {
                let len = u32::try_from(item.len()).unwrap_or(u32::MAX);
                let own = Span::new(start, start.saturating_add(len));
                start = own.end.saturating_add(1);
                let span = if exact { own } else { flag.value_span };
                let text = item.trim();
                (!text.is_empty()).then_some(Item { text, span })
            })
        })
    }

    /// An item of a list.
    pub(crate) fn item<'s>(&'s self, name: &'s str, wanted: &str) -> Option<Item<'s>> {
        self.list(name).find(|item| item.text == wanted)
    }

    /// Where to point, if a feature gate is set to false.
    pub(crate) fn is_gated_off(&self, gate: &str) -> Option<Span> {
        let set = self.list("feature-gates").filter_map(|item| {
            let (name, value) = item.text.split_once('=')?;
            (name.trim() == gate).then_some((is_true(value.trim()), item.span))
        });
        set.last().and_then(|(on, span)| (!on).then_some(span))
    }

    /// Where an admission plugin is enabled.
    pub(crate) fn enables(&self, plugin: &str) -> Option<Span> {
        let item = self.item("enable-admission-plugins", plugin);
        item.or_else(|| self.item("admission-control", plugin)).map(|item| item.span)
    }

    /// Where to point, if an admission plugin that is off by default is not enabled.
    pub(crate) fn lacks_plugin(&self, plugin: &str) -> Option<Span> {
        let lists = ["enable-admission-plugins", "admission-control"];
        if self.enables(plugin).is_some() || !self.complete {
            return None;
        }
        let given = lists.iter().find_map(|name| self.flag(name));
        if lists.iter().any(|name| self.flag(name).is_some() && !self.knows(name)) {
            return None;
        }
        Some(given.map_or(self.span, |flag| flag.value_span))
    }

    /// Where an admission plugin that is on by default is switched off: by name, or because the
    /// old list of all plugins leaves it out.
    pub(crate) fn disables(&self, plugin: &str) -> Option<Span> {
        if let Some(item) = self.item("disable-admission-plugins", plugin) {
            return Some(item.span);
        }
        let all = self.flag("admission-control").filter(|_| self.knows("admission-control"))?;
        self.enables(plugin).is_none().then_some(all.value_span)
    }

    /// Whether nothing outside its pod reaches what it serves at these URLs: they are all of the
    /// loopback interface, and the pod has a network of its own or they say so.
    pub(crate) fn is_private(&self, urls: &str) -> bool {
        let Some(container) = self.container else { return false };
        if self.flag(urls).is_none() {
            // The default is `localhost`, which serves a container beside it.
            let is_alone = container.pod.main_containers().nth(1).is_none();
            return self.complete && !is_alone && container.pod.host_network().is_none();
        }
        self.knows(urls) && self.list(urls).all(|url| is_loopback_url(url.text))
    }
}

fn is_loopback_url(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.starts_with("unix") || is_loopback(host)
}

/// Whether an address with or without a port is of the loopback interface.
pub(crate) fn is_loopback(address: &str) -> bool {
    let host = if let Some(rest) = address.strip_prefix('[') {
        rest.split(']').next().unwrap_or(rest)
    } else if address.matches(':').count() == 1 {
        address.split(':').next().unwrap_or(address)
    } else {
        address
    };
    let host = host.trim_end_matches('/');
    host == "localhost"
        || host == "::1"
        || (host.starts_with("127.") && host.matches('.').count() == 3)
}

/// The seconds of a duration as Go writes it, such as `4h0m0s`; fractions are cut off.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(0);
    }
    let mut millis: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let factor = match unit {
            "h" => 3_600_000,
            "m" => 60_000,
            "s" => 1_000,
            "ms" => 1,
            // Shorter units add up to nothing that matters.
            "us" | "µs" | "ns" => 0,
            _ => return None,
        };
        let whole: i64 = number.split('.').next()?.parse().ok()?;
        millis = millis.checked_add(whole.checked_mul(factor)?)?;
        rest = after;
    }
    (!text.trim().is_empty()).then_some(millis / 1_000)
}
