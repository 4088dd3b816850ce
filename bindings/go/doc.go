// Package interplay is a recommender that a product carries inside: models that learn who likes what, trained and served in the
// program's own process by libinterplay.
//
//	params := interplay.AutoInt().EmbeddingDim(32).Epochs(20)
//	model, err := interplay.FitPairs(params, users, items, ratings)
//	best, err := model.RecommendUser(1, 10)
//
// # Errors
//
// Every failure is an [*Error] with the library's own text. Compare by status: errors.Is(err, interplay.NotFound). A call that
// its context stopped also is what ctx.Err says.
//
// # Ownership and threads
//
// What has a Close method holds memory of the library. Close it when done; a finalizer closes what was forgotten, some time
// later. A closed one answers with InvalidState. Close may be called at any time: calls that are inside go on, and the last one
// frees. A [Model] never changes, so any number of goroutines may use one; so may they a sealed [Dataset], a [Table] and a
// [Monitor]. A [Scorer], an [Assembly] and a [Dataset] that is not sealed let one goroutine in at a time; the others wait.
//
// Slices are copied on the way in and on the way out: none is kept, and none that comes out belongs to anybody else.
//
// # Building
//
// cgo finds the library by pkg-config, under the name interplay.
package interplay

// #cgo pkg-config: interplay
// #include <interplay/interplay.h>
import "C"

// Version is the release of the library.
func Version() string { return C.GoString(C.interplay_version()) }

// ABIVersion is the version of the library's C interface. Within a major version things are added, never changed.
func ABIVersion() (major, minor int) {
	version := uint32(C.interplay_abi_version())
	return int(version >> 16), int(version & 0xffff)
}
