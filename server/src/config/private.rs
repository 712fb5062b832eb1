//! Private files: only the account of this server may read them. The database has password hashes, and SQLite creates
//! its files readable for every account of the machine (OWASP ASVS 5.0, 13.3.2).
//!
//! On systems without Unix permissions nothing is checked: a new file inherits the access list of its directory.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;

use super::ConfigError;

/// The permissions of group and others: read, write, execute.
#[cfg(unix)]
const OTHERS: u32 = 0o077;
#[cfg(unix)]
const PRIVATE_FILE: u32 = 0o600;
#[cfg(unix)]
const PRIVATE_DIR: u32 = 0o700;

/// Files that SQLite creates beside a database. A new one gets the permissions of the database; an existing one keeps
/// its own.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Files that mark a directory as the data directory of this server.
const OURS: [&str; 2] = ["latchkey.db", "app_secret"];

/// Creates the directory, or removes the permissions of other accounts.
///
/// # Errors
/// If the directory has files of other programs: `DATA_DIR=/var/lib` is a mistake, and changing its permissions would
/// break the machine.
pub(super) fn make_dir(path: &Path) -> Result<(), ConfigError> {
    let error = |source| ConfigError::file(path, source);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, PRIVATE_DIR);
    builder.create(path).map_err(error)?;
    if !is_open_to_others(path).map_err(error)? {
        return Ok(());
    }
    let mut entries = fs::read_dir(path).map_err(error)?.peekable();
    let ours = entries.peek().is_none() || OURS.iter().any(|name| path.join(name).exists());
    if !ours {
        return Err(ConfigError::OthersCanReadDir(path.to_owned()));
    }
    close_to_others(path)
}

/// Creates the file of a SQLite database before SQLite does, and removes the permissions of other accounts from it and
/// from the files beside it.
pub(super) fn make_database(url: &str) -> Result<(), ConfigError> {
    let Some(path) = sqlite_file(url) else { return Ok(()) };
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE_FILE);
    options.open(&path).map_err(|source| ConfigError::file(&path, source))?;
    close_to_others(&path)?;
    for suffix in BESIDE {
        let mut beside = OsString::from(&path);
        beside.push(suffix);
        let beside = PathBuf::from(beside);
        if beside.exists() {
            close_to_others(&beside)?;
        }
    }
    Ok(())
}

/// The file of a `sqlite:` URL, parsed as sqlx does. `None` for PostgreSQL and for a database in memory.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (name, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let in_memory =
        form_urlencoded::parse(parameters.as_bytes()).any(|(name, value)| name == "mode" && value == "memory");
    // sqlx refuses a name that is not UTF-8.
    let name = percent_decode_str(name).decode_utf8().ok()?;
    (name != ":memory:" && !name.is_empty() && !in_memory).then(|| PathBuf::from(name.as_ref()))
}

/// Writes a new file that only the owner may read, from its creation on. The file appears complete: it is written under
/// another name and then linked into place.
pub(super) fn write_once(path: &Path, text: &str) -> io::Result<()> {
    use io::Write as _;

    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE_FILE);
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let written = options.open(&aside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::hard_link(&aside, path)
    });
    // This fails if the file was never created, which is fine.
    let _ = fs::remove_file(&aside);
    written
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;

    Ok(fs::metadata(path)?.permissions().mode() & OTHERS != 0)
}

/// Removes the permissions of other accounts.
///
/// # Errors
/// If another account owns the file: that account could restore them.
#[cfg(unix)]
pub(super) fn close_to_others(path: &Path) -> Result<(), ConfigError> {
    use std::os::unix::fs::PermissionsExt as _;

    let close = || {
        let mut permissions = fs::metadata(path)?.permissions();
        if permissions.mode() & OTHERS != 0 {
            permissions.set_mode(permissions.mode() & !OTHERS);
            fs::set_permissions(path, permissions)?;
        }
        Ok(())
    };
    close().map_err(|source| ConfigError::OthersCanRead { path: path.to_owned(), source })
}

#[cfg(not(unix))]
fn is_open_to_others(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
pub(super) fn close_to_others(_path: &Path) -> Result<(), ConfigError> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn open_to_all(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_new_folder_and_the_folders_above_it_are_the_owners() {
        let dir = tempfile::tempdir().unwrap();
        make_dir(&dir.path().join("a/b")).unwrap();
        assert_eq!((mode(&dir.path().join("a")), mode(&dir.path().join("a/b"))), (0o700, 0o700));
    }

    #[test]
    fn a_folder_that_is_empty_or_ours_is_closed_to_others() {
        let dir = tempfile::tempdir().unwrap();
        for name in [None, Some("latchkey.db")] {
            open_to_all(dir.path(), 0o755);
            if let Some(name) = name {
                fs::write(dir.path().join(name), "").unwrap();
            }
            make_dir(dir.path()).unwrap();
            assert_eq!(mode(dir.path()), 0o700, "{name:?}");
        }
    }

    #[test]
    fn a_folder_with_files_of_others_is_refused_and_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("passwd"), "").unwrap();
        open_to_all(dir.path(), 0o755);
        assert!(make_dir(dir.path()).unwrap_err().to_string().contains("chmod 700"));
        assert_eq!(mode(dir.path()), 0o755);
        open_to_all(dir.path(), 0o700);
        make_dir(dir.path()).unwrap();
    }

    #[test]
    fn a_database_is_the_owners_also_in_a_folder_that_is_open_to_all() {
        let dir = tempfile::tempdir().unwrap();
        open_to_all(dir.path(), 0o755);
        let path = dir.path().join("a b.db");
        make_database(&format!("sqlite://{}/a%20b.db?mode=rwc", dir.path().display())).unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_database_that_was_readable_is_closed_with_the_files_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let files = ["", "-wal", "-shm", "-journal"].map(|suffix| dir.path().join(format!("old.db{suffix}")));
        for file in &files {
            fs::write(file, "kept").unwrap();
            open_to_all(file, 0o644);
        }
        make_database(&format!("sqlite:{}", files[0].display())).unwrap();
        for file in &files {
            assert_eq!((mode(file), fs::read_to_string(file).unwrap().as_str()), (0o600, "kept"), "{}", file.display());
        }
    }

    #[test]
    fn only_a_sqlite_url_names_a_file() {
        for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://a.db?mode=memory", "sqlite:", "postgres://a/b"] {
            assert_eq!(sqlite_file(url), None, "{url}");
        }
        assert_eq!(sqlite_file("sqlite:a.db"), Some("a.db".into()));
        assert_eq!(sqlite_file("sqlite:///srv/a%3Fb.db?cache=private"), Some("/srv/a?b.db".into()));
    }
}
