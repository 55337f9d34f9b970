package emulator

import (
	"encoding/json"
	"fmt"
	"hash/maphash"

	"pingone-conformance/emulator/internal/state"
	"pingone-conformance/emulator/internal/tenant"
)

// keeper keeps in a file what the tenant holds: each environment without its people
// under env/ID, each person under user/ENVIRONMENT/ID, each message under outbox/NUMBER,
// and what the authorization server remembers. It is used under the tenant's lock.
type keeper struct {
	file    *state.File
	seed    maphash.Seed
	envs    map[string]uint64 // of environments, by id: the hash of what is in the file
	removed uint64            // the hash of the removed environments that are in the file
	sent    int               // messages that are in the file
}

// environments adds those that differ from what the file holds.
func (k *keeper) environments(t *tenant.Tenant, changes map[string][]byte) {
	there := map[string]bool{}
	for _, e := range t.Environments() {
		there[e.ID] = true
		bare := *e
		bare.Users = tenant.Table[*tenant.User]{}
		encoded, err := json.Marshal(&bare)
		hash := maphash.Bytes(k.seed, encoded)
		if err != nil || k.envs[e.ID] == hash { // plain values always encode
			continue
		}
		if k.envs[e.ID] == 0 { // it is not in the file: neither are its people
			for id := range e.Users {
				k.user(t, changes, e.ID, id)
			}
		}
		k.envs[e.ID], changes["env/"+e.ID] = hash, encoded
	}
	if removed, err := json.Marshal(t.Data().Removed); err == nil { // texts always encode
		if hash := maphash.Bytes(k.seed, removed); hash != k.removed {
			k.removed, changes["removed"] = hash, removed
		}
	}
	for id := range k.envs {
		if !there[id] {
			delete(k.envs, id)
			changes["env/"+id] = nil // its people are found without a home, and left out
		}
	}
}

func (k *keeper) user(t *tenant.Tenant, changes map[string][]byte, envID, id string) {
	key := "user/" + envID + "/" + id
	changes[key] = nil
	if e := t.Environment(envID); e != nil && e.Users[id] != nil {
		if encoded, err := json.Marshal(e.Users[id]); err == nil { // plain values always encode
			changes[key] = encoded
		}
	}
}

// outbox adds the messages that came since, and takes out those that are forgotten.
func (k *keeper) outbox(t *tenant.Tenant, changes map[string][]byte) {
	data := t.Data()
	oldest := data.Sent - len(data.Outbox) // messages up to this number are forgotten
	for number := k.sent + 1; number <= data.Sent; number++ {
		if number > oldest {
			encoded, err := json.Marshal(data.Outbox[number-oldest-1])
			if err == nil { // plain values always encode
				changes[outboxKey(number)] = encoded
			}
		}
		if gone := number - tenant.MaxMessages; gone > 0 {
			changes[outboxKey(gone)] = nil
		}
	}
	k.sent = data.Sent
}

func outboxKey(number int) string { return fmt.Sprintf("outbox/%012d", number) }
