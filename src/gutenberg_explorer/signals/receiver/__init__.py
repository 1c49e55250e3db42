"""Which spans from outside are admitted, and how they are changed on the way in."""
