# dbt's log on one screen: how far it is, what went wrong, and nothing of what went well. The Makefile
# pipes dbt through it. A terminal has one line that moves; a file has a line every tenth of the way.

function clear() { if (is_terminal) printf "\r\033[K" }

/^[0-9:]+  [0-9]+ of [0-9]+ [A-Z-]+ / {
    if ($5 == "START" || $4 == 1) next  # A hook is 1 of 1.
    finished++
    total = $4
    status = $5
    sub(/^[0-9:]+  [0-9]+ of [0-9]+ /, "")
    sub(/ \.\.+ .*/, "")
    if (is_terminal) {
        printf "\r\033[K  %d of %d  %s", finished, total, substr($0, 1, 70)
        fflush()
    } else if (int(10 * finished / total) > tenth) {
        tenth = int(10 * finished / total)
        printf "  %d of %d\n", finished, total
        fflush()
    }
    if (status == "ERROR" || status == "FAIL") { clear(); print "  " $0 }
    next
}

/^[0-9:]+  Found [0-9]+ models/ { sub(/^[0-9:]+  /, ""); print "  " $0; fflush() }
/Completed with|Encountered an error/ { is_told = 1; clear() }
is_told && !/^[0-9:]+ *$/ { sub(/^[0-9:]+  /, ""); print "  " $0 }
END { clear() }
