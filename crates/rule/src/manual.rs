//! The manual of a rule in Markdown, for hosts of code scanning and for editors.

use crate::Meta;

impl Meta {
    /// The summary as a sentence.
    #[must_use]
    pub fn headline(&self) -> String {
        let mut characters = self.summary.chars();
        let first = characters.next().map(char::to_uppercase).into_iter().flatten();
        let stop = if self.summary.ends_with(['.', '!', '?', '…']) { "" } else { "." };
        format!("{}{}{stop}", first.collect::<String>(), characters.as_str())
    }

    /// The manual in Markdown: why it hurts, the remedy, what is reported and what is not, where to
    /// read more. It says nothing of any finding.
    #[must_use]
    pub fn manual(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let prose = self.prose();
        if !prose.is_empty() {
            parts.push(prose);
        }
        if !self.remedy.is_empty() {
            parts.push(format!("**Remedy:** {}", self.remedy));
        }
        for (word, heading) in [("bad", "## Reported"), ("good", "## Not reported")] {
            let mut heading = Some(heading);
            for example in self.examples().iter().filter(|example| example.has(word)) {
                parts.extend(heading.take().map(ToOwned::to_owned));
                parts.extend(example.value("file").map(|file| format!("`{file}`:")));
                parts.push(format!("```{}\n{}```", example.language(), example.shown()));
            }
        }
        if !self.references.is_empty() {
            let links = self.references.iter().map(|url| format!("* <{url}>"));
            parts.push(format!("## Read more\n\n{}", links.collect::<Vec<_>>().join("\n")));
        }
        parts.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use crate::Meta;

    #[test]
    fn the_manual_holds_everything_in_order() {
        let meta = Meta {
            docs: " It takes what\n the node has.\n\n ```yaml bad\n - name: web\n # ^ here\n ```\n \
                   ```yaml good file=good.yaml\n - resources: {}\n ```\n\n More prose.",
            remedy: "Set `resources.limits.memory`.",
            references: &["https://kubernetes.io/docs/"],
            ..Meta::DEFAULT
        };
        assert_eq!(
            meta.manual(),
            "It takes what\nthe node has.\n\n\nMore prose.\n\n\
             **Remedy:** Set `resources.limits.memory`.\n\n\
             ## Reported\n\n```yaml\n- name: web\n```\n\n\
             ## Not reported\n\n`good.yaml`:\n\n```yaml\n- resources: {}\n```\n\n\
             ## Read more\n\n* <https://kubernetes.io/docs/>"
        );
        assert_eq!(Meta::DEFAULT.manual(), "");
    }
}
