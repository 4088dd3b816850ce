module interplay.dev/smoke

go 1.19
