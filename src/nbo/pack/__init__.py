"""Rule packs: the files of a folder, read, checked and linked into one immutable, hashed `RulePack`."""
