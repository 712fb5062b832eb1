//! Reads a password, from the terminal or from standard input.

use std::io::{self, BufRead, IsTerminal as _};

use auth::SecretString;

/// Bytes. The longest password has fewer in UTF-8, so a line that is cut off is refused anyway.
const LINE_MAX: u64 = 4096;

/// The new password of an account. A terminal asks for it twice and does not show it; otherwise it is the first line of
/// standard input.
///
/// # Errors
/// If the line is empty, or if the two passwords differ.
pub fn ask_password(username: &str) -> io::Result<SecretString> {
    if !io::stdin().is_terminal() {
        return first_line(io::stdin().lock());
    }
    let prompt = |text: String| rpassword::prompt_password(text).map(SecretString::new);
    let password = prompt(format!("New password of {username}: "))?;
    let again = prompt("Repeat it: ".to_owned())?;
    if password.expose() != again.expose() {
        return Err(io::Error::other("the passwords differ"));
    }
    Ok(password)
}

fn first_line(input: impl BufRead) -> io::Result<SecretString> {
    let mut line = String::new();
    input.take(LINE_MAX).read_line(&mut line)?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    if line.is_empty() {
        return Err(io::Error::other("no password: write it to standard input, as the first line"));
    }
    Ok(SecretString::new(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_the_first_line_with_its_spaces_and_without_its_end() {
        for text in [" a b ", " a b \n", " a b \r\n", " a b \nmore"] {
            assert_eq!(first_line(text.as_bytes()).unwrap().expose(), " a b ", "{text:?}");
        }
    }

    #[test]
    fn no_line_and_an_empty_line_are_no_password() {
        for text in ["", "\n", "\nmore"] {
            assert!(first_line(text.as_bytes()).is_err(), "{text:?}");
        }
    }
}
