"""Pages, words, pictures and the mailbox of the fictional ferry line Ondalenta."""
