"""What a translation may not change: each rule a small function with a name and a reason. It may not know who asked."""
