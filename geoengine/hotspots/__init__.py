"""Where high or low values gather more than chance explains, and how sure that is."""
