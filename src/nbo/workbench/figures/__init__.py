"""What became of the offers that were presented: conversion, revenue, cancellation, complaints, CSAT, needs, reasons."""
