module interplay.dev/interplay

go 1.19
