//! A text in each language. A result is found before its reader is known, so it is stored in all of them.

use std::borrow::Cow;

use auth::ModeInfo;

use crate::locale::tr;

/// A text of the lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    english: Cow<'static, str>,
    korean: Cow<'static, str>,
}

impl Text {
    /// A text without a value in it.
    #[must_use]
    pub const fn fixed(english: &'static str, korean: &'static str) -> Self {
        Self { english: Cow::Borrowed(english), korean: Cow::Borrowed(korean) }
    }

    /// A text with a value in it.
    #[must_use]
    pub const fn new(english: String, korean: String) -> Self {
        Self { english: Cow::Owned(english), korean: Cow::Owned(korean) }
    }

    /// A name that is the same in every language, such as that of a statement.
    #[must_use]
    pub const fn name(name: &'static str) -> Self {
        Self::fixed(name, name)
    }

    /// The name of a mode.
    #[must_use]
    pub const fn of_mode(mode: &ModeInfo) -> Self {
        Self::fixed(mode.name, mode.korean.name)
    }

    /// The English text. Attributes of the page contain it, so that they are the same in every language.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.english
    }

    /// The text in the language of this page.
    #[must_use]
    pub fn shown(&self) -> String {
        tr(&self.english, &self.korean).to_string()
    }

    /// The texts, one after another, with `separator` between two.
    #[must_use]
    pub fn join(all: &[Self], separator: &str) -> Self {
        let each = |text: fn(&Self) -> &str| all.iter().map(text).collect::<Vec<_>>().join(separator);
        Self::new(each(|text| &text.english), each(|text| &text.korean))
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::*;
    use crate::Locale;

    #[test]
    fn joined_texts_stay_apart_by_language() {
        let both = Text::join(&[Text::fixed("one", "하나"), Text::new(format!("{}", 2), format!("{}", 2))], ", ");
        assert_eq!((both.english(), both.shown().as_str()), ("one, 2", "one, 2"));
        Owner::new().with(|| {
            provide_context(Locale::Korean);
            assert_eq!(both.shown(), "하나, 2");
        });
    }
}
