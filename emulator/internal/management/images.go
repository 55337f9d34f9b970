package management

import (
	"bytes"
	"image"
	_ "image/gif"  // the formats that an image may have
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// imageRoutes take images and say how large they are; the images themselves are
// not kept.
//
// https://developer.pingidentity.com/pingone-api/platform/images.html
func imageRoutes() []route {
	roles := []string{environmentAdmin}
	const one = "/images/{imageID}"
	return []route{
		{operation: "image.list", method: http.MethodGet, path: "/images", roles: roles, handle: listImages},
		{operation: "image.create", method: http.MethodPost, path: "/images", roles: roles, handle: createImage},
		{operation: "image.read", method: http.MethodGet, path: one, roles: roles, handle: on((*request).findImage, readImage)},
		{operation: "image.delete", method: http.MethodDelete, path: one, roles: roles, handle: on((*request).findImage, deleteImage)},
	}
}

func (r *request) findImage() (*tenant.Record, error) {
	return lookUp(r.env.RecordsAt("/images"), r.Path["imageID"])
}

func listImages(r *request) (*wire.Answer, error) {
	var items []object
	for _, record := range r.env.RecordsAt("/images").Sorted() {
		items = append(items, r.image(record))
	}
	return r.collection("images", items), nil
}

func createImage(r *request) (*wire.Answer, error) {
	if !strings.HasPrefix(r.MediaType(), "image/") {
		return nil, wire.UnsupportedMediaType()
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(r.Body))
	if err != nil {
		return nil, wire.InvalidData(wire.Detail{Code: "INVALID_VALUE", Message: "The body is no image in PNG, JPEG or GIF."})
	}
	images := r.env.RecordsAt("/images")
	if len(images) >= maxRecords {
		return nil, wire.LicenseExceeded("images", maxRecords)
	}
	record := r.t.AddRecord(r.env, "/images", map[string]any{"targets": map[string]any{"original": map[string]any{
		"type": strings.TrimPrefix(r.MediaType(), "image/"), "width": size.Width, "height": size.Height, "size": len(r.Body),
	}}}, nil)
	return created(r.image(record)), nil
}

func readImage(r *request, record *tenant.Record) (*wire.Answer, error) {
	return ok(r.image(record)), nil
}

func deleteImage(r *request, record *tenant.Record) (*wire.Answer, error) {
	delete(r.env.RecordsAt("/images"), record.ID)
	return gone(), nil
}

func (r *request) image(record *tenant.Record) object {
	self := r.base() + "/images/" + record.ID
	body := layered(record.Sent, object{
		"id": record.ID, "createdAt": timestamp(record.CreatedAt), "updatedAt": timestamp(record.UpdatedAt),
		"targets": object{"original": object{"id": record.ID, "href": self}},
	})
	return r.hal(self, body, nil)
}

// themeRoutes choose the default theme.
//
// https://developer.pingidentity.com/pingone-api/platform/branding/branding-themes.html
func themeRoutes() []route {
	roles := []string{environmentAdmin}
	const path = "/themes/{recordID}/default"
	find := func(r *request) (*tenant.Record, error) {
		return lookUp(r.env.RecordsAt("/themes"), r.Path["recordID"])
	}
	return []route{
		{operation: "theme.default.read", method: http.MethodGet, path: path, roles: roles, handle: on(find, readThemeDefault)},
		{operation: "theme.default.update", method: http.MethodPut, path: path, media: mediaJSON, roles: roles, handle: on(find, updateThemeDefault)},
	}
}

func readThemeDefault(r *request, theme *tenant.Record) (*wire.Answer, error) {
	return ok(r.hal(r.base()+"/themes/"+theme.ID+"/default", object{"default": theme.Default}, nil)), nil
}

func updateThemeDefault(r *request, theme *tenant.Record) (*wire.Answer, error) {
	body, f, err := r.body(flag("default").must())
	if err != nil {
		return nil, err
	}
	if theme.Default && body["default"] == false {
		f.add("CONSTRAINT_VIOLATION", "default", "Another one has to become the default one first.", nil)
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	if flagAt(body, "default") {
		makeDefault(r.env.RecordsAt("/themes"), theme)
	}
	return readThemeDefault(r, theme)
}
