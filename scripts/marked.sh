# shellcheck shell=bash
# Deletes the code that a comment marks. Sourced by delete-mode.sh and keep-mode.sh.
#
# A mark is `mode: ` with a mode, or with several between which stands `or`; or `part: comparison`. The comment is that of the language: //, //!, #, <!-- -->, /* */.
#
#   the mark alone on a line, not indented          the file
#   the mark at the end of a line                   the line
#   the mark with `, begin`, and with `, end`       these two lines and those between them

# files_with REGEX: the text files of the tree with such a line.
files_with() {
    grep -rIlE --exclude-dir=.git --exclude-dir=.tools --exclude-dir=data --exclude-dir=node_modules --exclude-dir=target \
        "$1" . || true
}

OPEN='(//!?|#|<!--|/\*)'
CLOSE='( -->| \*/)?'

# delete_marked MARK
delete_marked() {
    local file
    files_with "^$OPEN $1$CLOSE\$" | while IFS= read -r file; do rm "$file"; done
    files_with "$OPEN $1(, begin)?$CLOSE\$" | while IFS= read -r file; do
        MARK=$1 perl -0pi -e '
            my ($open, $close) = (qr{(?://!?|#|<!--|/\*) \Q$ENV{MARK}\E}, qr{(?: -->| \*/)?\n});
            s/^[ \t]*$open, begin$close.*?^[ \t]*$open, end$close//gms;
            s/^.*$open$close//gm;
            s/\n{3,}/\n\n/g;
            s/\n+\z/\n/;
        ' "$file"
    done
}

# leave_marks MODE: takes the mode out of the marks with several modes.
leave_marks() {
    local several='mode: [a-z_]+( or [a-z_]+)+'
    files_with "$OPEN $several(, begin|, end)?$CLOSE\$" | while IFS= read -r file; do
        MODE=$1 perl -pi -e '
            s{(mode: [a-z_]+(?: or [a-z_]+)+)(?=(?:, begin|, end)?(?: -->| \*/)?$)}
             {my $mark = $1; $mark =~ s/ or $ENV{MODE}\b|\b$ENV{MODE} or //; $mark}e;
        ' "$file"
    done
}

# unmark MARK: keeps the code and deletes the marks.
unmark() {
    local file
    files_with "$OPEN $1(, begin)?$CLOSE\$" | while IFS= read -r file; do
        MARK=$1 perl -0pi -e '
            my ($open, $close) = (qr{(?://!?|#|<!--|/\*) \Q$ENV{MARK}\E}, qr{(?: -->| \*/)?});
            s/^[ \t]*$open(?:, begin|, end)?$close\n//gm;
            s/[ \t]+$open$close$//gm;
        ' "$file"
    done
}
