// A user is what their organisation says now, and nobody changed it in the database.
// param user: str -- the user's id
// param stamp: str -- keyed stamp of who they are and what they may
MATCH (user:User {id: $user})
SET user.stamp = $stamp
